/**
 * Two lint rules of this project: engine and jobs read neither the clock nor chance on their own. Both come in as
 * arguments, so that a test can turn the clock back a year and repeat a run from its seed.
 */

/** The part of a syntax tree node that the rules look at. */
type Node = {
  readonly type: string;
  readonly name?: string;
  readonly computed?: boolean;
  readonly callee?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly imported?: Node;
  readonly arguments?: readonly Node[];
};
type Context = { report(problem: { node: Node; message: string }): void };
type Visitor = Readonly<Record<string, (node: Node) => void>>;
type Rule = { create(context: Context): Visitor };

const randomNames = new Set([
  'randomBytes',
  'randomUUID',
  'randomInt',
  'randomFill',
  'randomFillSync',
  'getRandomValues',
]);

const isMember = (node: Node, object: string, property: string): boolean =>
  node.object?.name === object && node.property?.name === property;

const noAmbientTime: Rule = {
  create(context) {
    const report = (node: Node): void =>
      context.report({
        node,
        message: 'The clock comes in as an argument: a test must be able to turn it.',
      });
    return {
      NewExpression(node) {
        if (node.callee?.name === 'Date' && node.arguments?.length === 0) report(node);
      },
      CallExpression(node) {
        if (node.callee?.name === 'Date') report(node);
      },
      MemberExpression(node) {
        if (isMember(node, 'Date', 'now') || isMember(node, 'performance', 'now')) report(node);
        if (isMember(node, 'process', 'hrtime')) report(node);
      },
    };
  },
};

const noAmbientRandom: Rule = {
  create(context) {
    const report = (node: Node): void =>
      context.report({
        node,
        message: 'Random comes in as an argument: a test must be able to repeat it.',
      });
    return {
      ImportSpecifier(node) {
        if (randomNames.has(node.imported?.name ?? '')) report(node);
      },
      MemberExpression(node) {
        if (isMember(node, 'Math', 'random') || randomNames.has(node.property?.name ?? ''))
          report(node);
      },
    };
  },
};

export default {
  meta: { name: 'holdfast' },
  rules: { 'no-ambient-time': noAmbientTime, 'no-ambient-random': noAmbientRandom },
};
