namespace HomelabOps.Sandbox.Tests.Controllers.Volumes;

/// <summary>What we said of a claim before the binder saw it, and what the binder did.</summary>
/// <param name="Said">Our record.</param>
/// <param name="Phase">The claim's phase afterwards.</param>
/// <param name="Volume">What it was bound to; empty for nothing.</param>
internal sealed record BindingOutcome(PvcBindingStatus Said, string Phase, string Volume);
