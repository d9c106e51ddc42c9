using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Bench.Cluster;

/// <summary>The few requests of the filler.</summary>
internal sealed class ServerApi(HttpClient http) : IDisposable
{
    private const string NamesOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    public void Dispose() => http.Dispose();

    public async Task<JsonNode> GetAsync(string path, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        using var response = await http.SendAsync(request);
        return await ReadAsync(response, path);
    }

    public async Task<bool> ExistsAsync(string path)
    {
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode != HttpStatusCode.NotFound;
    }

    /// <summary>Names of the objects in a collection, with the namespace in front where it has several.</summary>
    public async Task<HashSet<string>> NamesAsync(string collection, string? fieldSelector = null, bool prefixed = false, string? label = null)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var token = "";
        do
        {
            var page = await GetAsync(
                $"{collection}?limit=5000{(fieldSelector is null ? "" : "&fieldSelector=" + Uri.EscapeDataString(fieldSelector))}{(label is null ? "" : "&labelSelector=" + Uri.EscapeDataString(label))}{(token.Length == 0 ? "" : "&continue=" + Uri.EscapeDataString(token))}",
                NamesOnly);
            names.UnionWith((page["items"]?.AsArray() ?? []).Select(item => prefixed ? $"{item!["metadata"]!["namespace"]}/{item["metadata"]!["name"]}" : item!["metadata"]!["name"]!.GetValue<string>()));
            token = page["metadata"]?["continue"]?.GetValue<string>() ?? "";
        }
        while (token.Length > 0);
        return names;
    }

    /// <summary>The length of an answer in bytes, as it is sent.</summary>
    public async Task<long> LengthAsync(string path)
    {
        using var response = await http.GetAsync(path);
        return response.EnsureSuccessStatusCode().Content.Headers.ContentLength ?? (await response.Content.ReadAsByteArrayAsync()).LongLength;
    }

    /// <summary>Creates an object; one that is there already is as good.</summary>
    public async Task CreateAsync(string collection, string document)
    {
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(collection, content);
        if (response.StatusCode != HttpStatusCode.Conflict)
        {
            await ReadAsync(response, collection);
        }
    }

    public async Task PatchAsync(string path, string document)
    {
        using var content = new StringContent(document, Encoding.UTF8, "application/merge-patch+json");
        using var response = await http.PatchAsync(path, content);
        await ReadAsync(response, path);
    }

    /// <summary>Deletes a thing, or some of a collection; what is gone already is as good.</summary>
    public async Task DeleteAsync(string path)
    {
        using var response = await http.DeleteAsync(path);
        if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.GatewayTimeout or HttpStatusCode.Conflict))
        {
            await ReadAsync(response, path);
        }
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, string path)
    {
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(body)!
            : throw new BenchException($"The server refused {response.RequestMessage?.Method} {path}: {(int)response.StatusCode} {body[..Math.Min(body.Length, 400)]}");
    }
}
