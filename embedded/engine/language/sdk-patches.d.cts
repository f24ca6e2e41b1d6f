/** Changes the SDK that this process loads from now on. */
export function changeSdk(): void;

/** What stands for a module of the SDK: by the file that requires it, and by how it does. */
export const SUBSTITUTES: Readonly<
  Record<string, Readonly<Record<string, (load: (other?: string) => object) => object>>>
>;
