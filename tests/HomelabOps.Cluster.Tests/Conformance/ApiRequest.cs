namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>A request as it goes over the wire. The path begins with a slash and may have a query.</summary>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    public string? Json { get; init; }

    public string Type { get; init; } = "application/json";

    public (string Name, string Value)[] Headers { get; init; } = [];
}
