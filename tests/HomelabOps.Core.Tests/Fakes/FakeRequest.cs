namespace HomelabOps.Core.Tests.Fakes;

/// <summary>A request that the fake server received.</summary>
internal sealed class FakeRequest
{
    private readonly Dictionary<string, string> _query = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public FakeRequest(string head, Task closedByClient)
    {
        ClosedByClient = closedByClient;
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var target = lines[0].Split(' ')[1];
        var parts = target.Split('?', 2);
        Path = Uri.UnescapeDataString(parts[0]);
        foreach (var pair in parts.Length == 2 ? parts[1].Split('&') : [])
        {
            var (name, value) = Split(pair, '=');
            _query[name] = Uri.UnescapeDataString(value);
        }

        foreach (var line in lines.Skip(1))
        {
            var (name, value) = Split(line, ':');
            _headers[name] = value.Trim();
        }
    }

    public string Path { get; }

    /// <summary>Ends when the client closes the connection while it is being answered.</summary>
    public Task ClosedByClient { get; }

    public bool IsWatch => Query("watch") == "true";

    public string? Query(string name) => _query.GetValueOrDefault(name);

    public string? Header(string name) => _headers.GetValueOrDefault(name);

    public override string ToString() => $"{Path}?{string.Join('&', _query.Select(pair => $"{pair.Key}={pair.Value}"))}";

    private static (string Name, string Value) Split(string text, char separator)
    {
        var parts = text.Split(separator, 2);
        return (parts[0], parts.Length == 2 ? parts[1] : "");
    }
}
