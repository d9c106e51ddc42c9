namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>A request that a server in a pod was sent.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">Without the query, decoded.</param>
/// <param name="Query">The first value of each parameter.</param>
/// <param name="Headers">By name, in any case.</param>
/// <param name="Body">Empty where there is none.</param>
internal sealed record PodHttpRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>A parameter of the query; empty where it is absent.</summary>
    public string Parameter(string name) => Query.GetValueOrDefault(name, "");
}
