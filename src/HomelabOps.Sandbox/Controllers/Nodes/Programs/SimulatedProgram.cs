namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>A simulated program; gives its exit code. It ends with an <see cref="OperationCanceledException"/> when it is killed.</summary>
internal delegate Task<int> SimulatedProgram(ProgramCall call, CancellationToken cancellationToken);
