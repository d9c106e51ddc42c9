using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Patching;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Sandbox.Apply;

/// <summary>Holds a configuration against the schema of its kind before it is merged: what is not declared there, or is of another type, is refused whatever the client wishes for unknown fields.</summary>
internal sealed class TypedPatch
{
    private const string QuantityPattern = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static readonly Schema Text = new() { Type = "string" };
    private readonly List<(string Path, string Message)> _errors = [];

    // Fits the schema and yet not the type in which the server keeps it.
    private string? _inconvertible;

    private TypedPatch()
    {
    }

    /// <summary>The configuration, when nothing stands against it.</summary>
    /// <param name="applied">The configuration as the client sent it.</param>
    /// <param name="type">What objects of the kind look like.</param>
    /// <param name="patch">How lists of the kind are told apart.</param>
    /// <exception cref="ApplyException">500, as a real server answers.</exception>
    public static JsonObject Checked(JsonObject applied, Schema type, PatchSchema patch)
    {
        var check = new TypedPatch();
        check.Map(applied, type, patch, isOpen: false, isWhole: true);
        if (check._errors.Count > 0)
        {
            var texts = check._errors.Select(error => $"{error.Path}: {error.Message}").ToArray();
            throw new ApplyException(500, $"failed to create typed patch object ({Subject(applied)}): {(texts is [var only] ? only : $"errors:\n  {string.Join("\n  ", texts)}")}");
        }

        return check._inconvertible is { } why
            ? throw new ApplyException(500, $"failed to convert new object ({Subject(applied)}) to proper version: unable to convert unstructured object to {GroupVersionKind(applied)}: {why}")
            : applied;
    }

    private static string Subject(JsonObject applied)
    {
        var metadata = applied["metadata"] as JsonObject;
        return $"{metadata?["namespace"]}/{metadata?["name"]}; {GroupVersionKind(applied)}";
    }

    private static string GroupVersionKind(JsonObject applied)
    {
        var version = applied["apiVersion"]!.ToString();
        return $"{(version.Contains('/', StringComparison.Ordinal) ? "" : "/")}{version}, Kind={applied["kind"]}";
    }

    // Openness goes on below, also to objects that declare their fields.
    private void Map(JsonObject map, Schema type, PatchSchema patch, bool isOpen, bool isWhole)
    {
        isOpen |= type.PreserveUnknown;
        foreach (var (name, value) in map)
        {
            if ((Declared(type, name, isWhole) ?? type.AdditionalProperties) is { } member)
            {
                var before = _errors.Count;
                Value(value, member, patch.Field(name), isOpen);
                if (_errors.Count > before)
                {
                    Prefix(before, "." + name);
                }
            }
            else if (!isOpen && (isWhole || type.Properties.Count > 0))
            {
                // Real servers look no further in such an object either.
                _errors.Add(("." + name, "field not declared in schema"));
                return;
            }
        }
    }

    private static Schema? Declared(Schema type, string name, bool isWhole) => name switch
    {
        "metadata" when isWhole => ModelSchemas.ObjectMeta,
        "apiVersion" or "kind" when isWhole => Text,
        _ => type.Properties.GetValueOrDefault(name),
    };

    private void Value(JsonNode? value, Schema type, PatchField field, bool isOpen)
    {
        if (value is null)
        {
            return;
        }

        var kind = value.GetValueKind();
        var isBuiltin = type.Source is null;
        switch (type)
        {
            case { IntOrString: true } or { Type: "string", Format: "date-time" } when isBuiltin:
                Mixed(value, kind, type.Format);
                break;
            case { IntOrString: true }:
                break;
            case { Type: "object" } when value is JsonObject map:
                Map(map, type, field.Schema, isOpen, type.Embedded);
                break;
            case { Type: "object" }:
                Add($"expected map, got {Shown(value)}");
                break;
            case { Type: "array" } when value is JsonArray list:
                List(list, type, field, isOpen);
                break;
            case { Type: "array" }:
                Add($"expected list, got {Shown(value)}");
                break;
            case { Type: "string" } when kind != JsonValueKind.String:
                Add($"expected string, got &value.valueUnstructured{{Value:{GoText.Literal(value)}}}");
                break;
            case { Type: "string", Format: "byte" } when !Base64.IsValid(value.GetValue<string>()):
                _inconvertible ??= "error decoding from json: illegal base64 data at input byte 0";
                break;
            case { Type: "boolean" } when kind is not (JsonValueKind.True or JsonValueKind.False):
                Add($"expected boolean, got {Shown(value)}");
                break;
            case { Type: "integer" or "number" } when kind != JsonValueKind.Number:
                Add($"expected numeric (int or float), got {GoText.TypeOf(value)}");
                break;
            case { Type: "integer" } when isBuiltin && !IsWhole(value):
                _inconvertible ??= $"cannot convert float64 to {type.Format}";
                break;
        }
    }

    // The schema takes any scalar, and of what may be a number or a text everything.
    private void Mixed(JsonNode value, JsonValueKind kind, string format)
    {
        if (format != "int-or-string" && kind is JsonValueKind.Object or JsonValueKind.Array)
        {
            Add($"expected any scalar, got {Shown(value)}");
        }
        else if (format == "quantity" && Quantity.Parse(value.ToString()) is null)
        {
            _inconvertible ??= QuantityPattern;
        }
        else if (format == "int-or-string" && kind != JsonValueKind.String && !(kind == JsonValueKind.Number && IsWhole(value)))
        {
            var found = kind switch
            {
                JsonValueKind.Number => $"number {value.ToJsonString()}",
                JsonValueKind.Object => "object",
                JsonValueKind.Array => "array",
                _ => "bool",
            };
            _inconvertible ??= $"json: cannot unmarshal {found} into Go value of type int32";
        }
    }

    private void List(JsonArray list, Schema type, PatchField field, bool isOpen)
    {
        if (type.Items is not { } items)
        {
            return;
        }

        var element = new PatchField { Schema = field.Schema };
        var known = new HashSet<PathElement>();
        for (var index = 0; index < list.Count; index++)
        {
            var item = list[index];
            PathElement? key = null;
            if (field.List != ListKind.Atomic)
            {
                key = field.List == ListKind.Set ? SetKey(item, out var why) : ItemKey(item, items, field, out why);
                if (key is null)
                {
                    // Nothing further can be said of the list.
                    Add($"element {index}: {why}");
                    return;
                }

                if (!known.Add(key.Value))
                {
                    Add($"duplicate entries for key {key}");
                }
            }

            var before = _errors.Count;
            Value(item, items, element, isOpen);
            if (_errors.Count > before)
            {
                Prefix(before, key?.ToString() ?? $"[{index}]");
            }
        }
    }

    private static PathElement? SetKey(JsonNode? item, out string why)
    {
        why = item switch
        {
            null => "associative list without keys has an element that's an explicit null",
            JsonObject => "associative list without keys has an element that's a map type",
            JsonArray => "not supported: associative list with lists as elements",
            _ => "",
        };
        return why.Length == 0 ? PathElement.Value(item) : null;
    }

    private static PathElement? ItemKey(JsonNode? item, Schema type, PatchField field, out string why)
    {
        if (item is not JsonObject)
        {
            why = $"associative list with keys may not have {(item is null ? "a null element" : "non-map elements")}";
            return null;
        }

        var key = PathElement.Item(item, field.Keys, out var missing);
        if (key is null && type.Source is null)
        {
            // A field that a built-in type must have is empty by default there, and refused only later.
            key = PathElement.Item(item, [.. field.Keys.Select(part => type.Required.Contains(part.Name, StringComparer.Ordinal) ? part with { Default = part.Default ?? Empty(type, part.Name) } : part)], out missing);
        }

        why = $"associative list with keys has an element that omits key field \"{missing}\" (and doesn't have default value)";
        return key;
    }

    private static JsonNode Empty(Schema type, string name) => type.Properties[name].Type == "integer" ? 0 : "";

    private static bool IsWhole(JsonNode number) => double.IsInteger(double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture));

    private static string Shown(JsonNode value) => $"&{{{GoText.Of(value)}}}";

    private void Add(string message) => _errors.Add(("", message));

    // Paths are made on the way back, so that what is right costs nothing.
    private void Prefix(int from, string step)
    {
        for (var index = from; index < _errors.Count; index++)
        {
            _errors[index] = (step + _errors[index].Path, _errors[index].Message);
        }
    }
}
