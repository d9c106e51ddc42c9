using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.Patching;

/// <summary>The kinds that every API server has, with what strategic merge and server-side apply must know of them.</summary>
public static partial class BuiltInSchemas
{
    private static readonly Lazy<Catalogue> Read = new(() => new Catalogue(Text));

    /// <summary>All kinds of the table; a kind whose version is empty stands for all versions that have no line of their own.</summary>
    public static IEnumerable<(string Group, string Version, string Kind)> Kinds => Read.Value.Kinds.Keys;

    internal static PatchField Metadata { get; } = new() { Schema = Read.Value.Type("ObjectMeta"), IsAlwaysPresent = true };

    /// <summary>The schema of a built-in kind, or null for any other.</summary>
    public static PatchSchema? Find(string apiVersion, string kind)
    {
        ArgumentNullException.ThrowIfNull(apiVersion);
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = (slash < 0 ? "" : apiVersion[..slash], apiVersion[(slash + 1)..]);
        return Read.Value.Kinds.GetValueOrDefault((group, version, kind)) ?? Read.Value.Kinds.GetValueOrDefault((group, "", kind));
    }

    /// <summary>The schema of a built-in kind.</summary>
    /// <exception cref="PatchException">415, as an API server answers to a strategic merge patch of a custom resource.</exception>
    public static PatchSchema Require(string apiVersion, string kind) => Find(apiVersion, kind) ?? throw PatchException.Unsupported();

    /// <summary>The schema of a built-in kind; for any other one in which objects merge and lists are replaced, as kustomize does.</summary>
    public static PatchSchema FindOrPlain(string apiVersion, string kind) => Find(apiVersion, kind) ?? PatchSchema.Plain;

    /// <summary>The table, read once.</summary>
    private sealed partial class Catalogue
    {
        private readonly Dictionary<string, List<string>> _lines = new(StringComparer.Ordinal);
        private readonly Dictionary<string, PatchSchema> _types = new(StringComparer.Ordinal);

        public Catalogue(string text)
        {
            List<string> kinds = [];
            var current = "";
            foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
            {
                if (line[0] == ' ')
                {
                    _lines[current].Add(line);
                    continue;
                }

                current = line;
                if (line.StartsWith("type ", StringComparison.Ordinal))
                {
                    current = line.Split(' ')[1];
                    Atomic(line, current);
                }
                else
                {
                    kinds.Add(current);
                }

                _lines.Add(current, []);
            }

            foreach (var line in kinds)
            {
                Add(line);
            }
        }

        public Dictionary<(string Group, string Version, string Kind), PatchSchema> Kinds { get; } = [];

        private HashSet<string> AtomicTypes { get; } = new(StringComparer.Ordinal);

        public PatchSchema Type(string name)
        {
            if (!_types.TryGetValue(name, out var type))
            {
                type = new PatchSchema(name, Fields(name), AtomicTypes.Contains(name));
                _types.Add(name, type);
            }

            return type;
        }

        private void Atomic(string line, string name)
        {
            if (line.EndsWith(" atomic", StringComparison.Ordinal))
            {
                AtomicTypes.Add(name);
            }
        }

        // "kind <group>[/<version>] <Kind>...": those on one line are alike.
        private void Add(string line)
        {
            var parts = line.Split(' ');
            var place = parts[1].Split('/');
            var metadata = KeyValuePair.Create("metadata", new PatchField { Schema = Type("ObjectMeta"), IsAlwaysPresent = true });
            foreach (var kind in parts[2..])
            {
                var schema = new PatchSchema(kind, Fields(line).Append(metadata));
                Kinds.Add((place[0] == "core" ? "" : place[0], place.Length > 1 ? place[1] : "", kind), schema);
            }
        }

        private List<KeyValuePair<string, PatchField>> Fields(string owner) => _lines[owner].ConvertAll(Field);

        private KeyValuePair<string, PatchField> Field(string line)
        {
            var match = FieldLine.Match(line);
            var field = new PatchField
            {
                Schema = match.Groups["type"].Success ? Type(match.Groups["type"].Value) : PatchSchema.Plain,
                IsAlwaysPresent = match.Groups["present"].Success,
            };
            foreach (var marker in match.Groups["marker"].Captures.Select(capture => capture.Value))
            {
                field = Mark(field, marker.Split(['(', ',', ')'], StringSplitOptions.RemoveEmptyEntries));
            }

            return KeyValuePair.Create(match.Groups["name"].Value, field);
        }

        // Without a marker of its own, server-side apply takes the keys of the strategic merge.
        private static PatchField Mark(PatchField field, string[] marker) => marker switch
        {
            ["merge"] => field with { Merges = true, List = ListKind.Set },
            ["merge", var key] => field with { Merges = true, MergeKey = Key(key).Name, List = ListKind.Map, Keys = [Key(key)] },
            ["retainKeys"] => field with { RetainsKeys = true },
            ["set"] => field with { List = ListKind.Set },
            ["map", .. var keys] => field with { List = ListKind.Map, Keys = [.. keys.Select(Key)] },
            _ => throw new FormatException($"The table of built-in schemas has an unknown marker: {marker[0]}"),
        };

        private static ListKey Key(string text) => text.Split('=') switch
        {
            [var name, "0"] => new ListKey(name, JsonValue.Create(0)),
            [var name, var value] => new ListKey(name, JsonValue.Create(value)),
            _ => new ListKey(text),
        };

        [GeneratedRegex(@"^  (?<name>\w+)(?<present>!)?:( (?<type>[A-Z]\w*))?( (?<marker>[a-z]\w*(\([\w,=]+\))?))*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex FieldLine { get; }
    }
}
