import { loadProject, type Project } from '../project/project';
import { ProgramProcess } from './program-process';

let program: ProgramProcess | undefined;

/**
 * Starts a project's program while the engine itself still has to be loaded, which takes as long. Whatever is wrong with
 * the project is reported when the engine gets to it.
 */
export async function startAhead(directory: string): Promise<void> {
  try {
    program = ProgramProcess.start(await loadProject(directory));
  } catch {
    program = undefined;
  }
}

/** The program of this project, if it has been started. It is handed out once. */
export function startedAhead(project: Project): ProgramProcess | undefined {
  const started = program?.isFor(project) ? program : undefined;
  if (!started) cancelAhead();
  program = undefined;
  return started;
}

/** Ends what was started in vain. */
export function cancelAhead(): void {
  program?.kill();
  program = undefined;
}
