using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Patching;

namespace HomelabOps.Core.Flux.Comparing;

/// <summary>
/// Keeps what is secret out of what is shown of one object: the values of a Secret, and whatever was substituted from one,
/// in the old object at the same places.
/// </summary>
/// <param name="isSecret">The object is a Secret.</param>
/// <param name="places">Paths of values that come from a Secret; an empty path is the whole object.</param>
/// <param name="values">Values of Secrets, which are hidden wherever they are.</param>
internal sealed class SecretMask(bool isSecret, IReadOnlyCollection<string> places, IReadOnlyCollection<string> values)
{
    private const string Hidden = "***";

    private bool IsNeeded => isSecret || places.Count > 0 || values.Count > 0;

    /// <summary>Puts <c>***</c> for what is secret on both sides, with a word where they differ, so that the difference shows.</summary>
    public void Apply(JsonObject? before, JsonObject? after)
    {
        if (IsNeeded)
        {
            Hide(before, after, "");
        }
    }

    /// <summary>Takes what is secret in any of the objects out of a text, such as a server's message about one.</summary>
    public string Apply(string text, params ReadOnlySpan<JsonObject?> objects)
    {
        var hidden = new HashSet<string>(values, StringComparer.Ordinal);
        foreach (var item in IsNeeded ? objects : [])
        {
            Collect(item, "", hidden);
        }

        // The longest first, since one may be a part of another.
        return hidden.OrderByDescending(value => value.Length).Aggregate(text, (result, value) => result.Replace(value, Hidden, StringComparison.Ordinal));
    }

    private bool IsHidden(string path) => (isSecret && IsBelow(path, "data", "stringData")) || places.Contains(path) || places.Contains("");

    private bool Holds(JsonNode? node) => node is JsonValue && Scalars.Text(node) is { } text && values.Any(value => text.Contains(value, StringComparison.Ordinal));

    // Whole values of data, whatever their form.
    private static bool IsBelow(string path, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (path.Length > field.Length && path.StartsWith(field, StringComparison.Ordinal) && path[field.Length] is '.' or '[')
            {
                return true;
            }
        }

        return false;
    }

    private void Hide(JsonNode? before, JsonNode? after, string path)
    {
        var (old, @new) = (JsonDifference.Parts(before, path).ToDictionary(part => part.Path, part => part.Value), JsonDifference.Parts(after, path).ToDictionary(part => part.Path, part => part.Value));
        foreach (var part in old.Keys.Union(@new.Keys))
        {
            var (was, becomes) = (old.GetValueOrDefault(part), @new.GetValueOrDefault(part));
            if (!IsHidden(part) && !Holds(was) && !Holds(becomes))
            {
                Hide(was, becomes, part);
                continue;
            }

            var isSame = was is null || becomes is null || JsonNode.DeepEquals(was, becomes);
            was?.ReplaceWith(JsonValue.Create(isSame ? Hidden : Hidden + " (before)"));
            becomes?.ReplaceWith(JsonValue.Create(isSame ? Hidden : Hidden + " (after)"));
        }
    }

    private void Collect(JsonNode? node, string path, HashSet<string> hidden)
    {
        if (path.Length > 0 && (IsHidden(path) || Holds(node)))
        {
            foreach (var text in Texts(node))
            {
                hidden.Add(text);
            }

            return;
        }

        foreach (var (part, value) in JsonDifference.Parts(node, path))
        {
            Collect(value, part, hidden);
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node)
    {
        foreach (var text in node is JsonValue ? [Scalars.Text(node) ?? ""] : JsonDifference.Parts(node, "").SelectMany(part => Texts(part.Value)))
        {
            var decoded = Decoded(text);
            foreach (var form in new[] { text, JsonEncodedText.Encode(text).Value, decoded }.Where(form => form.Length > 0))
            {
                yield return form;
            }
        }
    }

    private static string Decoded(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
