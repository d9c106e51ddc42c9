namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>What a Kustomization is built from.</summary>
/// <param name="Source">The source as its spec refers to it, with its namespace.</param>
/// <param name="Url">Address of the Git repository.</param>
/// <param name="Revision">Such as <c>main@sha1:…</c>.</param>
internal sealed record KustomizationArtifact(string Source, string Url, string Revision)
{
    /// <summary>The commit.</summary>
    public string Commit => Revision[(Revision.LastIndexOf(':') + 1)..];
}
