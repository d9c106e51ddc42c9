using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json;
using HomelabOps.Core.Diagnosis.Manifests;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Rendering;

/// <summary>Makes PowerShell objects of raw ones: properties with the names and in the order of the JSON, all the way down.</summary>
internal static class RawObjects
{
    private const string Origin = "HomelabOps";

    public static PSObject ToPSObject(RawObject item)
    {
        var result = (PSObject)Value(item.Json)!;

        // Where it came from, so that it can be piped on. A set of members is no property: it is not in JSON that is made
        // of the object, where a server would stumble over it.
        result.Members.Add(new PSMemberSet(Origin, [new PSNoteProperty(nameof(Reference), item.Reference)]));
        if (item.Events is { } events && result.Properties["Events"] is null)
        {
            result.Properties.Add(new PSNoteProperty("Events", events.ToArray()));
        }

        result.TypeNames.Insert(0, "HomelabOps.Object");
        result.TypeNames.Insert(0, $"HomelabOps.Object#{item.Reference.Kind}");
        return result;
    }

    /// <summary>A built object, with what applies it and where it is written beside its reference.</summary>
    public static PSObject ToPSObject(BuiltManifest item)
    {
        var result = ToPSObject(item.Object);
        var origin = (PSMemberSet)result.Members[Origin];
        origin.Members.Add(new PSNoteProperty(nameof(item.Kustomization), item.Kustomization));
        origin.Members.Add(new PSNoteProperty(nameof(item.File), item.File));
        origin.Members.Add(new PSNoteProperty(nameof(item.Line), item.Line));
        return result;
    }

    /// <summary>The object's identity: of one that was read here, or of anything that looks like an object of Kubernetes; null for all else.</summary>
    public static ResourceReference? Reference(PSObject item)
    {
        if (item.Members[Origin] is PSMemberSet origin && origin.Members[nameof(Reference)]?.Value is ResourceReference reference)
        {
            return reference;
        }

        return Text(item, "kind") is { Length: > 0 } kind && item.Properties["metadata"]?.Value is { } value && PSObject.AsPSObject(value) is var metadata
            && Text(metadata, "name") is { Length: > 0 } name
                ? new ResourceReference(null, kind, Text(metadata, "namespace") ?? "", name)
                : null;
    }

    private static string? Text(PSObject item, string name) => item.Properties[name]?.Value is { } value && PSObject.AsPSObject(value).BaseObject is string text ? text : null;

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
