// What every step of bringing something back is given.
import type { BringBackFlow, FlowChange } from './bring-back-flow.ts';

export interface StepProps {
  readonly flow: BringBackFlow;
  readonly change: (change: FlowChange) => void;
}
