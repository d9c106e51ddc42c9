using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>A watch, event by event.</summary>
internal sealed class ApiWatch : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    public ApiWatch(HttpResponseMessage response)
    {
        _response = response;
        _reader = new StreamReader(response.Content.ReadAsStream());
    }

    public int Status => (int)_response.StatusCode;

    /// <summary>The next event; null when the watch has ended.</summary>
    public (string Type, JsonObject Object)? Next()
    {
        using var limit = new CancellationTokenSource(Patience);
        if (_reader.ReadLineAsync(limit.Token).AsTask().GetAwaiter().GetResult() is not { } line || string.IsNullOrWhiteSpace(line))
        {
            return null;
        }

        var node = JsonNode.Parse(line)!.AsObject();
        return ((string)node["type"]!, node["object"]!.AsObject());
    }

    /// <summary>The next event must be of this type and object.</summary>
    public JsonObject Expect(string type, string? name = null)
    {
        var (came, node) = Next() ?? throw new Xunit.Sdk.XunitException($"The watch ended before {type} {name}.");
        Assert.True(came == type && (name is null || name == JsonPlace.Text(node, "metadata.name")), $"{type} {name} was expected, but there came {came} {node.ToJsonString()}");
        return node;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
