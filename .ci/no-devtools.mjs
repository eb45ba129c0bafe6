// Stands in for react-devtools-core, which Ink imports only when DEV is set and which the bundle must not contain.
export default { initialize() {}, connectToDevTools() {} };
