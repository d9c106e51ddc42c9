using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Store;

/// <summary>A field that selectors may name, such as spec.nodeName.</summary>
/// <param name="Name">As in the selector.</param>
/// <param name="Default">What an absent field counts as.</param>
internal sealed record FieldPath(string Name, string Default = "")
{
    private readonly string[] _steps = Name.Split('.');

    /// <summary>Where the field lies, when that is not its name.</summary>
    public string[] Steps { get => field ?? _steps; init; }

    public string Read(JsonObject node)
    {
        JsonNode? at = node;
        foreach (var step in Steps)
        {
            at = (at as JsonObject)?[step];
        }

        return at switch
        {
            null => Default,
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            _ => at.ToJsonString(),
        };
    }
}
