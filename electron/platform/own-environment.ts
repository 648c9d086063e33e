// The environment that programs of others get from us.

/** Ours without our own variables, among which are secrets. */
export function withoutOwnVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // Windows does not tell names in capitals from others.
  const others = Object.entries(env).filter(([name]) => !/^HOLDFAST_/iu.test(name));
  return Object.fromEntries(others);
}
