using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Topology.Wire;
using YamlDotNet.Core;

namespace HomelabOps.Core.Topology;

/// <summary>Reads from the manifests of a repository what the topology is discovered from.</summary>
internal static partial class RepositoryFacts
{
    private const long LargestFile = 8 * 1024 * 1024;

    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,

        // .git, .github and the like hold no manifests; a link may lead in a circle.
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    /// <summary>Adds the objects of all manifests below a folder.</summary>
    public static IReadOnlyList<Notice> Read(string repository, TopologyFacts facts, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(repository))
        {
            return [new WarningNotice(Errors.Text("TopologyRepositoryMissing", repository))];
        }

        var notices = new List<Notice>();
        var files = new DirectoryInfo(repository).EnumerateFiles("*", Everywhere)
            .Where(file => file.Extension is ".yaml" or ".yml" && file.Length <= LargestFile)
            .Select(file => file.FullName)
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(file) is { } text)
            {
                ReadFile(text, Path.GetRelativePath(repository, file).Replace('\\', '/'), facts, notices);
            }
        }

        return notices;
    }

    private static void ReadFile(string text, string file, TopologyFacts facts, List<Notice> notices)
    {
        // Cut at the document marks, which YAML allows nowhere else in the first column: most documents of the large files
        // (CustomResourceDefinitions) need no parsing, and a broken one does not hide the others.
        var (start, line) = (0, 1);
        foreach (var end in Mark().EnumerateMatches(text))
        {
            ReadDocument(text[start..end.Index], line, file, facts, notices);
            line += text.AsSpan(start, end.Index - start).Count('\n');
            start = end.Index;
        }

        ReadDocument(text[start..], line, file, facts, notices);
    }

    private static void ReadDocument(string text, int line, string file, TopologyFacts facts, List<Notice> notices)
    {
        var isWanted = KindLine().Matches(text).Any(match => match.Groups["kind"].Value is var kind && (kind == "List" || TopologyFacts.IsWanted(kind)));
        if (!isWanted)
        {
            return;
        }

        try
        {
            using var reader = new StringReader(text);
            foreach (var document in YamlItem.ReadAll(reader))
            {
                var items = document.Find("kind")?.Text == "List" ? document.Find("items")?.Items ?? [] : [document];
                items.ForEach(item => Add(item, file, facts));
            }
        }
        catch (YamlException error)
        {
            var notice = Errors.Text("TopologyManifestUnreadable", file, line + error.Start.Line - 1);

            // The templates of a chart are no YAML before Helm has filled them in.
            notices.Add(text.Contains("{{", StringComparison.Ordinal) ? new VerboseNotice(notice) : new WarningNotice(notice));
        }
    }

    private static void Add(YamlItem item, string file, TopologyFacts facts)
    {
        if (!TopologyFacts.IsWanted(item.Find("kind")?.Text ?? ""))
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            item.WriteJson(writer);
        }

        try
        {
            var wire = JsonSerializer.Deserialize(buffer.WrittenSpan, TopologyWireContext.Default.TopologyObjectWire)!;
            wire.Metadata ??= new();
            wire.File = file;
            facts.Add(wire);
        }
        catch (JsonException)
        {
            // Valid YAML, but no valid manifest: a patch, a template, a mistake. Test-FluxManifest tells which; nothing can be learnt from it here.
        }
    }

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^---(?=\s|$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^kind:[ \t]*[""']?(?<kind>[A-Za-z]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex KindLine();
}
