// Where the window is. Setup and bringing back keep their own steps; this only says which screen stands there.
import { createContext, useContext } from 'react';
import type { PlanId, RunId } from '../shared/model/ids.ts';

export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'setup' }
  /** Take up the copies of another computer. */
  | { readonly kind: 'connect' }
  | { readonly kind: 'bring-back'; readonly plan: PlanId | null }
  | { readonly kind: 'one-click'; readonly plan: PlanId | null }
  | { readonly kind: 'history'; readonly run: RunId | null }
  | { readonly kind: 'settings' };

export interface Visit {
  readonly route: Route;
  /** Another number for each time that somebody went somewhere, also to where they were. */
  readonly visit: number;
}

export interface Navigation extends Visit {
  readonly go: (route: Route) => void;
}

export const NavigationContext = createContext<Navigation | null>(null);

/** Throws outside of `App`. */
export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error('no navigation around this component');
  return navigation;
}
