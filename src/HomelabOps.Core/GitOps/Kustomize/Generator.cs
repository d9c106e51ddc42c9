using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Makes ConfigMaps and Secrets of files, literals and env files.</summary>
internal static class Generator
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The object of an entry.</summary>
    public static Resource Generate(GeneratorEntry entry, BuildFolder folder, ResourceOrigin origin)
    {
        var metadata = new JsonObject { ["name"] = entry.Name };
        if (entry.Namespace.Length > 0)
        {
            metadata["namespace"] = entry.Namespace;
        }

        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = entry.Kind, ["metadata"] = metadata };
        if (entry.Kind == "Secret")
        {
            body["type"] = entry.Type.Length == 0 ? "Opaque" : entry.Type;
            body["data"] = new JsonObject();
        }

        foreach (var (key, value) in Data(entry, folder).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var text = entry.Kind == "Secret" ? null : TextOf(value);
            var field = entry.Kind == "Secret" || text is not null ? "data" : "binaryData";
            var map = body[field] as JsonObject ?? [];
            map[key] = text ?? Base64(value);
            body[field] = map;
        }

        if (entry.Immutable)
        {
            body["immutable"] = true;
        }

        var resource = new Resource { Body = body, Behavior = entry.Behavior, NeedsHash = !entry.DisableNameSuffixHash, Origin = origin };
        foreach (var (field, map) in new[] { ("labels", entry.Labels), ("annotations", entry.Annotations) })
        {
            if (map.Count > 0)
            {
                resource.SetMetadataMap(field, map);
            }
        }

        return resource;
    }

    private static Dictionary<string, byte[]> Data(GeneratorEntry entry, BuildFolder folder)
    {
        var result = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value, place) in entry.Envs.SelectMany(env => Env(env, folder)).Concat(entry.Literals.Select(Literal)).Concat(entry.Files.Select(file => File(file, folder))))
        {
            if (!result.TryAdd(key, value))
            {
                throw place.Invalid("Detail_GeneratorRepeats", entry.Name, key);
            }
        }

        return result;
    }

    private static (string Key, byte[] Value, FileReference Place) Literal(FileReference literal)
    {
        var equals = literal.Text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw literal.Invalid("Detail_GeneratorLiteral", literal.Text);
        }

        var value = literal.Text[(equals + 1)..];
        var isQuoted = value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0] && value.Length > 1;
        return (literal.Text[..equals], Encoding.UTF8.GetBytes(isQuoted ? value[1..^1] : value), literal);
    }

    private static (string Key, byte[] Value, FileReference Place) File(FileReference file, BuildFolder folder)
    {
        var parts = file.Text.Split('=');
        if (parts.Length > 2 || parts[0].Length == 0 || parts[^1].Length == 0)
        {
            throw file.Invalid("Detail_GeneratorFile", file.Text);
        }

        return (parts.Length == 2 ? parts[0] : BuildPath.Name(file.Text), folder.Read(file with { Text = parts[^1] }), file);
    }

    private static IEnumerable<(string Key, byte[] Value, FileReference Place)> Env(FileReference file, BuildFolder folder)
    {
        var text = TextOf(folder.Read(file)) ?? throw file.Invalid("Detail_GeneratorUtf8", file.Text);
        foreach (var raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            var line = raw.TrimEnd('\r').TrimStart();
            if (line.Length == 0 || line[0] is '#' or '=')
            {
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);

            // kubectl does not check the names either; an API server does.
            yield return (equals < 0 ? line : line[..equals], Encoding.UTF8.GetBytes(equals < 0 ? "" : line[(equals + 1)..]), file);
        }
    }

    private static string? TextOf(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // In lines of 70, each with its end, when there is more than one.
    private static string Base64(byte[] bytes)
    {
        var text = Convert.ToBase64String(bytes);
        return text.Length < 70 ? text : string.Concat(text.Chunk(70).Select(line => new string(line) + "\n"));
    }
}
