namespace HomelabOps.Core.Kubernetes;

/// <summary>What a request is for, so that its failure can be told in the user's terms.</summary>
/// <param name="Verb">Verb of the access rules: get, list, watch …</param>
/// <param name="Resource">Qualified plural, such as <c>pods</c> or <c>kustomizations.kustomize.toolkit.fluxcd.io</c>; a path for what is not a resource.</param>
/// <param name="Namespace">Namespace; null for all or none.</param>
/// <param name="Name">Name of the object; null for a collection.</param>
internal sealed record ApiRequest(string Verb, string Resource, string? Namespace = null, string? Name = null)
{
    /// <summary>Media types that are accepted.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>How long the server may take to begin its answer; null for the client's usual limit.</summary>
    public TimeSpan? ResponseTimeout { get; init; }

    /// <summary>Attempts at the most; null for the client's own number.</summary>
    public int? Attempts { get; init; }

    /// <summary>What the request does over HTTP.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>JSON that is sent; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Media type of the body.</summary>
    public string BodyType { get; init; } = "application/json";

    /// <summary>Protocols of which a WebSocket is asked for, the best first; empty for a plain request.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>Further headers, which the API server hands on to what it is a proxy of; null for none. They may be secret.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Whether it may be sent again when nobody knows if it was carried out.</summary>
    public bool IsRepeatable { get; init; } = true;
}
