namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>On the lab's API server, with the same controllers.</summary>
public sealed class LabFluxReconcilerTests() : FluxReconcilerChecks(isLab: true);
