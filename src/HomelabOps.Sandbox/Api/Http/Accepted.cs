namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Which forms of an answer the client takes.</summary>
internal sealed class Accepted
{
    private readonly List<(string Type, Dictionary<string, string> Parameters)> _types = [];

    public Accepted(string header)
    {
        foreach (var part in header.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pieces = part.Split(';', StringSplitOptions.TrimEntries);
            var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var piece in pieces.Skip(1))
            {
                var equals = piece.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    parameters[piece[..equals]] = piece[(equals + 1)..];
                }
            }

            _types.Add((pieces[0].ToLowerInvariant(), parameters));
        }
    }

    /// <summary>The first form that we can give: "Table", "PartialObjectMetadata", "PartialObjectMetadataList", or "" for the object itself.</summary>
    public string Form
    {
        get
        {
            foreach (var (type, parameters) in _types)
            {
                if (!IsJson(type))
                {
                    continue;
                }

                var form = parameters.GetValueOrDefault("as", "");
                if (form.Length == 0 || (parameters.GetValueOrDefault("g") == "meta.k8s.io" && parameters.GetValueOrDefault("v") is "v1" or "v1beta1"
                    && form is "Table" or "PartialObjectMetadata" or "PartialObjectMetadataList"))
                {
                    return form;
                }
            }

            return _types.Count == 0 ? ""
                : _types.Exists(item => IsJson(item.Type)) ? throw ApiErrors.NotAcceptable(["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"])
                : throw ApiErrors.NotRouted(406, "NotAcceptable", "Not Acceptable");
        }
    }

    /// <summary>The version of the form: v1, or v1beta1.</summary>
    public string FormVersion => _types.Where(item => item.Parameters.ContainsKey("as")).Select(item => item.Parameters.GetValueOrDefault("v")).FirstOrDefault() ?? "v1";

    /// <summary>The version of aggregated discovery that is asked for, or null for the plain one.</summary>
    public string? AggregatedDiscovery
    {
        get
        {
            foreach (var (type, parameters) in _types)
            {
                if (!IsJson(type))
                {
                    continue;
                }

                if (!parameters.TryGetValue("as", out var form))
                {
                    return null;
                }

                if (form == "APIGroupDiscoveryList" && parameters.GetValueOrDefault("g") == "apidiscovery.k8s.io" && parameters.GetValueOrDefault("v") is "v2" or "v2beta1")
                {
                    return parameters["v"];
                }
            }

            return null;
        }
    }

    public bool Contains(string type) => _types.Exists(item => item.Type == type);

    private static bool IsJson(string type) => type is "application/json" or "*/*";
}
