using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>An object on its way through a build, with what the build has to remember of it.</summary>
internal sealed class Resource
{
    private List<(string Kind, string Name, string Namespace)> _previous = [];

    /// <summary>Null once a patch has deleted it.</summary>
    public JsonObject? Body { get; set; }

    /// <summary>The manifest that it was read from; null when it was generated.</summary>
    public Manifest? Source { get; init; }

    /// <summary>Which file or field it came from, as the origin annotation shows it.</summary>
    public ResourceOrigin? Origin { get; set; }

    public List<string> Prefixes { get; private set; } = [];

    public List<string> Suffixes { get; private set; } = [];

    public GenerationBehavior Behavior { get; set; }

    public bool NeedsHash { get; set; }

    public string Name
    {
        get => Scalars.Text((Body!["metadata"] as JsonObject)?["name"]) ?? "";
        set => Metadata()["name"] = value;
    }

    public string Namespace
    {
        get => Scalars.Text((Body!["metadata"] as JsonObject)?["namespace"]) ?? "";
        set
        {
            if (value.Length == 0)
            {
                (Body!["metadata"] as JsonObject)?.Remove("namespace");
            }
            else
            {
                Metadata()["namespace"] = value;
            }
        }
    }

    public string Kind => Scalars.Text(Body!["kind"]) ?? "";

    public ResourceId Id
    {
        get
        {
            var (group, version) = ResourceId.Split(Scalars.Text(Body!["apiVersion"]) ?? "");
            return new(group, version, Kind, Name, Namespace);
        }
    }

    /// <summary>What it was called before, oldest first.</summary>
    public IEnumerable<ResourceId> PreviousIds
    {
        get
        {
            var (group, version) = ResourceId.Split(Scalars.Text(Body!["apiVersion"]) ?? "");
            return _previous.Select(id => new ResourceId(group, version, id.Kind, id.Name, id.Namespace));
        }
    }

    public ResourceId OriginalId => PreviousIds.DefaultIfEmpty(Id).First();

    public IEnumerable<ResourceId> AllIds => PreviousIds.Append(Id);

    /// <summary>Where it is from, for messages.</summary>
    public string Place => Source is null ? Id.ToString() : $"{Source.File}:{Source.Line}";

    public void RememberId()
    {
        var id = Id;
        _previous.Add((id.Kind, id.Name, id.EffectiveNamespace));
    }

    /// <summary>Takes over the history of the object that this one replaces.</summary>
    public void TakeHistory(Resource old)
    {
        _previous = [.. old._previous];
        Prefixes = [.. old.Prefixes];
        Suffixes = [.. old.Suffixes];
        Behavior = old.Behavior;
        NeedsHash &= old.NeedsHash;
    }

    public JsonObject Metadata()
    {
        if (Body!["metadata"] is JsonObject metadata)
        {
            return metadata;
        }

        var created = new JsonObject();
        Body["metadata"] = created;
        return created;
    }

    /// <summary>Labels or annotations as text.</summary>
    public Dictionary<string, string> MetadataMap(string field)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        if ((Body!["metadata"] as JsonObject)?[field] is JsonObject map)
        {
            foreach (var (key, value) in map)
            {
                result[key] = Scalars.Text(value) ?? "";
            }
        }

        return result;
    }

    /// <summary>Sets labels or annotations; none removes the field.</summary>
    public void SetMetadataMap(string field, IReadOnlyDictionary<string, string> map)
    {
        var metadata = Metadata();
        metadata.Remove(field);
        if (map.Count > 0)
        {
            metadata[field] = new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }
    }
}
