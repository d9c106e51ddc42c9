namespace HomelabOps.Core.GitOps.Effective;

/// <summary>A ConfigMap of a release's valuesFrom.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key of its data.</param>
/// <param name="Target">The one value that it gives, as a path; empty where it gives a mapping of values.</param>
/// <param name="IsLiteral">What it gives to the path is taken as it is.</param>
internal sealed record ReleaseSource(string Name, string Key, string Target, bool IsLiteral);
