namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>One of a pair of real Syncthings.</summary>
/// <param name="Key">Key of its API.</param>
/// <param name="Certificate">Its certificate as PEM; null for HTTP.</param>
/// <param name="CertificateKey">The certificate's key.</param>
internal sealed record RealSyncthingSide(string Key, string? Certificate = null, string? CertificateKey = null);
