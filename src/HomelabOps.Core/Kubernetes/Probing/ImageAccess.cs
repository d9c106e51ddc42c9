namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>What an application's pods pull their images with.</summary>
/// <param name="ServiceAccount">Their service account, which may have secrets of its own for that; empty for the usual one.</param>
/// <param name="Secrets">Names of the secrets that they name themselves.</param>
internal sealed record ImageAccess(string ServiceAccount, IReadOnlyList<string> Secrets);
