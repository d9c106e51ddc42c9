namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>On the embedded server.</summary>
public sealed class FluxComparerTests() : FluxComparerChecks(isLab: false);
