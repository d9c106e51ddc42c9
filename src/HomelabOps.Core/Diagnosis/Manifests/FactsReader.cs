using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>Reads what is known beside the repository. What cannot be read is a notice: the checks go on without it.</summary>
internal sealed class FactsReader
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>What could not be read.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>Reads what the query names.</summary>
    /// <exception cref="HomelabException">PathNotFound: the folder of definitions does not exist.</exception>
    public async Task<ClusterFacts> ReadAsync(ManifestQuery query, CancellationToken cancellation)
    {
        var facts = new ClusterFacts { NamedDefinitions = query.SchemaPath is { } path ? [.. Files(path).SelectMany(Definitions)] : [] };
        if (query.Client is not { } client)
        {
            return facts;
        }

        try
        {
            return facts with
            {
                Definitions = [.. (await ListAsync(client, "CustomResourceDefinition", cancellation)).Select(item => JsonObject.Create(item.Json)!)],
                Namespaces = (await ListAsync(client, "Namespace", cancellation)).Select(item => item.Reference.Name).ToHashSet(StringComparer.Ordinal),
            };
        }
        catch (HomelabException error)
        {
            Notices.Add(new WarningNotice(Errors.Text("ManifestClusterUnread", client.Name, error.Message)));
            return facts;
        }
    }

    private static IEnumerable<string> Files(string path) => File.Exists(path) ? [path]
        : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
        : throw Errors.PathNotFound(path);

    private List<JsonObject> Definitions(string file)
    {
        try
        {
            return [.. ManifestReader.Read(file, File.ReadAllBytes(file)).Select(manifest => manifest.Content).Where(item => ObjectText.Kind(item) == "CustomResourceDefinition")];
        }
        catch (Exception error) when (error is HomelabException or IOException or UnauthorizedAccessException)
        {
            Notices.Add(new WarningNotice(Errors.Text("ManifestSchemaUnread", file, error.Message)));
            return [];
        }
    }

    private static async Task<List<RawObject>> ListAsync(ClusterClient client, string kind, CancellationToken cancellation)
    {
        var items = new List<RawObject>();
        await foreach (var item in ObjectReader.ReadAsync(client, new RawObjectQuery { Kind = kind, Objects = new ObjectQuery() }, cancellation))
        {
            items.Add(item.Notice is FailureNotice failure ? throw failure.Error : item.Value!);
        }

        return items;
    }
}
