using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>Reads the objects of a file of manifests, with the checks and the unwrapping of lists that kustomize does.</summary>
internal static class ManifestReader
{
    /// <summary>The objects of a text.</summary>
    /// <param name="file">The file's name, for errors and as the objects' origin.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="HomelabException">ManifestInvalid.</exception>
    public static IReadOnlyList<Manifest> Read(string file, string text) => Read(file, YamlReader.ReadAll(file, text));

    /// <summary>The objects of a file's bytes.</summary>
    public static IReadOnlyList<Manifest> Read(string file, byte[] bytes) => Read(file, YamlReader.ReadAll(file, bytes));

    /// <summary>The objects of documents that are parsed already.</summary>
    public static IReadOnlyList<Manifest> Read(string file, IReadOnlyList<YamlDocument> documents)
    {
        var queue = new Queue<Manifest>();
        foreach (var document in documents.Where(document => !document.IsEmpty))
        {
            if (document.Root.Entries is null)
            {
                throw Errors.ManifestInvalid(file, document.Root.Line, document.Root.Column, Errors.Text("Detail_ManifestRoot"));
            }

            // A plain List that is alone in its file is replaced by its items in their place; every other list's items come last.
            if (documents.Count == 1 && document.Root.Find("kind")?.Text is "List" or "ResourceList" && document.Root.Find("items") is { Items: { } items })
            {
                items.ForEach(item => queue.Enqueue(Make(file, document.Index, item)));
                continue;
            }

            if (document.Root.Entries.Count > 0)
            {
                queue.Enqueue(Make(file, document.Index, document.Root));
            }
        }

        var result = new List<Manifest>();
        while (queue.TryDequeue(out var manifest))
        {
            if (!manifest.Content["kind"]!.ToString().EndsWith("List", StringComparison.Ordinal) || !manifest.Content.ContainsKey("items"))
            {
                result.Add(manifest);
                continue;
            }

            var list = manifest.Node.Find("items")!;
            if (list.Items is null && manifest.Content["items"] is not null)
            {
                throw Errors.ManifestInvalid(file, list.Line, list.Column, Errors.Text("Detail_ManifestItems"));
            }

            list.Items?.ForEach(item => queue.Enqueue(Make(file, manifest.Document, item)));
        }

        return result;
    }

    private static Manifest Make(string file, int document, YamlNode node)
    {
        if (node.ToJson(file, YamlSchema.Manifest) is not JsonObject content)
        {
            throw Errors.ManifestInvalid(file, node.Line, node.Column, Errors.Text("Detail_ManifestRoot"));
        }

        var kind = content["kind"] as JsonValue;
        if (kind is null || kind.ToString().Length == 0)
        {
            throw Errors.ManifestInvalid(file, node.Line, node.Column, Errors.Text("Detail_ManifestKind"));
        }

        if (!kind.ToString().EndsWith("List", StringComparison.Ordinal) && (content["metadata"] as JsonObject)?["name"] is not JsonValue)
        {
            throw Errors.ManifestInvalid(file, node.Line, node.Column, Errors.Text("Detail_ManifestName", kind));
        }

        return new Manifest { Content = content, File = file, Document = document, Line = node.Line, Column = node.Column, Node = node };
    }
}
