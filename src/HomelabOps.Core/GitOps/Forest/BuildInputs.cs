using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>What a build asked for, with the answers.</summary>
internal sealed class BuildInputs
{
    private readonly Dictionary<string, string?> _resolved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _stamps = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, string Name), IReadOnlyDictionary<string, string>?> _variables = [];

    /// <summary>The contents of all files can be told from later ones.</summary>
    public bool AreKnown => !_stamps.ContainsValue(null);

    /// <summary>Files whose answers are written down.</summary>
    public IBuildFiles Of(IBuildFiles files) => new Recorded(this, files);

    /// <summary>Writes down the values of a source of variables.</summary>
    public IReadOnlyDictionary<string, string>? Variables(string kind, string name, IReadOnlyDictionary<string, string>? values) => _variables[(kind, name)] = values;

    /// <summary>Whether all questions are answered as they were.</summary>
    public bool AreSame(IBuildFiles files, BuildMemory.Variables variables) =>
        _resolved.All(answer => files.Resolve(answer.Key) == answer.Value)
        && _folders.All(answer => files.IsFolder(answer.Key) == answer.Value)
        && _names.All(answer => files.List(answer.Key).SequenceEqual(answer.Value, StringComparer.Ordinal))
        && _stamps.All(answer => files.Stamp(answer.Key) == answer.Value)
        && _variables.All(answer => IsSame(variables(answer.Key.Kind, answer.Key.Name), answer.Value));

    private static bool IsSame(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        one is null || other is null ? one == other : one.Count == other.Count && one.All(pair => other.GetValueOrDefault(pair.Key) == pair.Value);

    private sealed class Recorded(BuildInputs inputs, IBuildFiles files) : IBuildFiles
    {
        public string? Resolve(string path) => inputs._resolved[path] = files.Resolve(path);

        public bool IsFolder(string path) => inputs._folders[path] = files.IsFolder(path);

        public byte[] Read(string path)
        {
            inputs._stamps[path] = files.Stamp(path);
            return files.Read(path);
        }

        public IReadOnlyList<string> List(string folder) => inputs._names[folder] = files.List(folder);

        public IReadOnlyList<YamlDocument> Documents(string path)
        {
            inputs._stamps[path] = files.Stamp(path);
            return files.Documents(path);
        }

        public string? Stamp(string path) => files.Stamp(path);

        public string Display(string path) => files.Display(path);
    }
}
