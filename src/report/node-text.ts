/** A node of the dependencies without the type that most have: `cart`, but `database:postgresql/orders`. */
export function nodeText(id: string): string {
  return id.startsWith('service:') ? id.slice('service:'.length) : id;
}
