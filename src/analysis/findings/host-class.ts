/** What a host name or address says about where it leads. */
export interface HostClass {
  /** Not reachable from elsewhere: RFC 1918, 100.64/10, loopback, link-local, ULA, `.local`, `.internal`, `.svc`, single labels. */
  readonly isPrivate: boolean;
  /** A raw IP address rather than a name. */
  readonly isAddress: boolean;
  /** The address at which clouds hand credentials to their machines. */
  readonly isMetadata: boolean;
  /** A name in another script, encoded (`xn--`), which may be made to look like another. */
  readonly isPunycode: boolean;
  /** A service to which anybody can post anything, or that opens a way in from outside. */
  readonly isDropSite: boolean;
}

/** Hosts to paste text at, to receive requests at, and of tunnels; their subdomains too. */
export const DROP_SITES: readonly string[] = [
  'pastebin.com',
  'paste.ee',
  'hastebin.com',
  'ghostbin.com',
  'dpaste.com',
  'transfer.sh',
  'file.io',
  '0x0.st',
  'webhook.site',
  'requestbin.net',
  'pipedream.net',
  'requestcatcher.com',
  'oast.fun',
  'oast.pro',
  'interact.sh',
  'burpcollaborator.net',
  'ngrok.io',
  'ngrok.app',
  'ngrok-free.app',
  'loca.lt',
  'localtunnel.me',
  'serveo.net',
  'trycloudflare.com',
];

const METADATA_HOSTS: ReadonlySet<string> = new Set([
  '169.254.169.254',
  'fd00:ec2::254',
  'metadata.google.internal',
]);

/** Where a host leads, whatever its case; `dropSites` replaces the built-in list. */
export function hostClass(host: string, dropSites: readonly string[] = DROP_SITES): HostClass {
  const name = bareHost(host);
  const address = parseAddress(name);
  return {
    isPrivate: address === null ? isPrivateName(name) : isPrivateAddress(address),
    isAddress: address !== null,
    isMetadata: METADATA_HOSTS.has(name),
    isPunycode: /(?:^|\.)xn--/.test(name),
    isDropSite: dropSites.some((site) => name === site || name.endsWith(`.${site}`)),
  };
}

const PORT = /:\d{1,5}$/;

/** A host in lower case without brackets, port and the dot of the root: `[::1]:80` → `::1`. */
export function bareHost(host: string): string {
  const text = host.trim().toLowerCase();
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  const hasPort = PORT.test(text) && text.indexOf(':') === text.lastIndexOf(':');
  return (hasPort ? text.replace(PORT, '') : text).replace(/\.$/, '');
}

const PRIVATE_SUFFIXES = ['.local', '.internal', '.svc', '.localhost'];

function isPrivateName(name: string): boolean {
  return !name.includes('.') || PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

type Address =
  | { readonly version: 4; readonly bytes: readonly number[] }
  | { readonly version: 6; readonly text: string };

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const MAPPED_IPV4 = /^(?:::ffff:|::)(\d{1,3}(?:\.\d{1,3}){3})$/;

function parseAddress(name: string): Address | null {
  const match = IPV4.exec(MAPPED_IPV4.exec(name)?.[1] ?? name);
  if (match !== null) {
    const bytes = match.slice(1).map(Number);
    return bytes.every((byte) => byte <= 255) ? { version: 4, bytes } : null;
  }
  return name.includes(':') && /^[0-9a-f:]+(?:%.+)?$/.test(name)
    ? { version: 6, text: name }
    : null;
}

function isPrivateAddress(address: Address): boolean {
  if (address.version === 6) {
    // Unspecified and loopback, fc00::/7 (ULA), fe80::/10 (link-local).
    return /^::1?$|^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/.test(address.text);
  }
  const [a = 0, b = 0] = address.bytes;
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254)
  );
}

/** Whether `host` is one that `patterns` allow: exact names, `*.example.com` for what is below, `*` anywhere within a label or over several. */
export function hostPatterns(patterns: Iterable<string>): (host: string) => boolean {
  const exact = new Set<string>();
  const wildcards: RegExp[] = [];
  for (const pattern of patterns) {
    const text = bareHost(pattern);
    if (text.includes('*')) wildcards.push(wildcard(text));
    else exact.add(text);
  }
  return (host) => {
    const name = bareHost(host);
    return exact.has(name) || wildcards.some((pattern) => pattern.test(name));
  };
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.split(/\*+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
