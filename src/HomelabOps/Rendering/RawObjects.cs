using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Rendering;

/// <summary>Makes PowerShell objects of raw ones: properties with the names and in the order of the JSON, all the way down.</summary>
internal static class RawObjects
{
    public static PSObject ToPSObject(RawObject item)
    {
        var result = (PSObject)Value(item.Json)!;
        if (item.Events is { } events && result.Properties["Events"] is null)
        {
            result.Properties.Add(new PSNoteProperty("Events", events.ToArray()));
        }

        result.TypeNames.Insert(0, "HomelabOps.Object");
        result.TypeNames.Insert(0, $"HomelabOps.Object#{item.Reference.Kind}");
        return result;
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Map(value),
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToArray(),
        _ => RawJson.Scalar(value),
    };

    private static object Map(JsonElement value)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (!value.EnumerateObject().All(member => member.Name.Length > 0 && names.Add(member.Name)))
        {
            // A ConfigMap may hold the keys a.conf and A.conf, but a PowerShell object only one of them. A dictionary
            // with exact keys loses nothing and is read with the same dot.
            var exact = new OrderedDictionary(StringComparer.Ordinal);
            foreach (var member in value.EnumerateObject())
            {
                exact[member.Name] = Value(member.Value);
            }

            return exact;
        }

        var result = new PSObject();
        foreach (var member in value.EnumerateObject())
        {
            result.Properties.Add(new PSNoteProperty(member.Name, Value(member.Value)));
        }

        return result;
    }
}
