namespace HomelabOps.Sandbox.Api.Http;

/// <summary>The parameters of a request.</summary>
internal sealed class RequestQuery
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    public RequestQuery(string query)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            _values.Add(equals < 0 ? new(Decode(pair), "") : new(Decode(pair[..equals]), Decode(pair[(equals + 1)..])));
        }
    }

    /// <summary>The first value, or null when there is none or it is empty.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _values)
            {
                if (key == name)
                {
                    return value.Length == 0 ? null : value;
                }
            }

            return null;
        }
    }

    public IEnumerable<string> All(string name) => _values.Where(pair => pair.Key == name).Select(pair => pair.Value);

    public bool Has(string name) => _values.Exists(pair => pair.Key == name);

    public bool Flag(string name) => this[name] is { } value && value is "1" or "true" or "True" or "TRUE" or "t" or "T";

    public long? Number(string name) => this[name] is not { } value ? null
        : long.TryParse(value, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw ApiErrors.BadRequest($"strconv.ParseInt: parsing \"{value}\": invalid syntax");

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
