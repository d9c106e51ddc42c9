using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Tests.GitOps.Editing;

/// <summary>
/// Every scalar of every file is given other values, keys and items come and go; another reader than the editor's own tells what
/// has become of the file.
/// </summary>
public sealed class YamlFuzzTests
{
    private static readonly string[] Values =
    [
        "new", "linuxserver/sonarr:4.0.17", "1.10", "yes", "it's \"so\"", "${A:=b}", "one\ntwo\n", "a: b # c", "", " lead", "trail ", "ünï ☃", "- x", "2024-01-01", "0x1F", "null", "[a, b]", "tab\there", "%x", "one\n\n  two",
    ];

    // Each edit reads its whole file again, so of a file with thousands of scalars some are taken, and all of them by the explicit test below.
    // HOMELABOPS_FUZZ_CHARACTERS is how many characters may be read for one file; HOMELABOPS_FUZZ_ALL=1 takes all scalars of whole files, which
    // for definitions of some hundred kilobytes is hours.
    private static readonly long MostCharacters = long.TryParse(Environment.GetEnvironmentVariable("HOMELABOPS_FUZZ_CHARACTERS"), CultureInfo.InvariantCulture, out var characters) ? characters : 2_000_000;

    private static readonly Regex Marked = new("(?<word>[\\]}]|[^ \\[\\]{},\n]*)[ ,\\[{]*(?<comment># because: it is {so}|# - not: \"an item|# next)", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1));

    private static readonly Regex Separators = new("(?m)^---[ \t]*\r?\n", RegexOptions.None, TimeSpan.FromMinutes(1));

    private readonly Dictionary<string, int> _refused = [];
    private readonly List<string> _failures = [];
    private int _edits;

    private static int Step(YamlFile file, int edits) => TakesAll ? 1 : (int)Math.Max(1, (long)edits * file.Text.Length / MostCharacters);

    private static bool TakesAll => Environment.GetEnvironmentVariable("HOMELABOPS_FUZZ_ALL") == "1";

    [Fact]
    public void Scalars_of_generated_files_are_set_and_nothing_else_changes()
    {
        for (var seed = 0; _edits < 20_000; seed++)
        {
            SetAll($"sample-{seed}.yaml", new YamlSamples(seed).File(), seed);
        }

        Report(mostRefused: 0.06);
    }

    [Fact]
    public void Scalars_of_manifests_are_set_and_nothing_else_changes()
    {
        foreach (var (name, bytes) in Manifests())
        {
            SetAll(name, bytes, name.Length);
        }

        Assert.InRange(_edits, 500, int.MaxValue);
        Report(mostRefused: 0.06);
    }

    // Every scalar of every document, each document as a file of its own.
    [Fact(Explicit = true)]
    public void All_scalars_of_manifests_are_set_and_nothing_else_changes()
    {
        var documents = Manifests().SelectMany(file => Separators.Split(Encoding.UTF8.GetString(file.Bytes)).Select((text, index) => (Name: $"{file.Name} {index}", Bytes: Encoding.UTF8.GetBytes(text)))).ToList();
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new YamlFuzzTests()).ToArray();
        Parallel.For(0, workers.Length, worker => documents.ForEach(file => workers[worker].SetAll(file.Name, file.Bytes, file.Name.Length, workers.Length, worker)));
        foreach (var worker in workers)
        {
            _edits += worker._edits;
            _failures.AddRange(worker._failures);
            worker._refused.ToList().ForEach(entry => _refused[entry.Key] = _refused.GetValueOrDefault(entry.Key) + entry.Value);
        }

        Report(mostRefused: 0.06);
    }

    [Fact]
    public void Keys_and_items_come_and_go_and_nothing_else_changes()
    {
        for (var seed = 0; seed < (TakesAll ? 400 : 150); seed++)
        {
            ComeAndGo($"sample-{seed}.yaml", new YamlSamples(seed).File(), seed);
        }

        foreach (var (name, bytes) in Manifests())
        {
            ComeAndGo(name, bytes, name.Length);
        }

        Assert.InRange(_edits, 2_000, int.MaxValue);
        Report(mostRefused: 0.25);
    }

    [Fact]
    public void What_is_edited_in_JSON_stays_JSON_and_nothing_else_changes()
    {
        foreach (var (name, bytes) in JsonManifests())
        {
            SetAll(name, bytes, name.Length);
            ComeAndGo(name, bytes, name.Length);
        }

        Assert.InRange(_edits, 2_000, int.MaxValue);
        Report(mostRefused: 0.02);
    }

    // The same manifests as programs write JSON, and as people do.
    private static IEnumerable<(string Name, byte[] Bytes)> JsonManifests()
    {
        JsonSerializerOptions[] styles = [new(), new() { WriteIndented = true }, new() { WriteIndented = true, IndentSize = 4, NewLine = "\r\n" }, new() { WriteIndented = true, IndentCharacter = '\t', IndentSize = 1 }];
        var manifests = Manifests().SelectMany(file => Open(file.Name, file.Bytes) is null ? [] : YamlReader.ReadAll("f.yaml", file.Bytes)).Select(document => RawManifest.Read(document.Root)).OfType<JsonObject>();
        return manifests.Select((manifest, index) => ($"{index}.json", Encoding.UTF8.GetBytes(manifest.ToJsonString(styles[index % styles.Length]) + (index % 3 == 0 ? "" : "\n"))));
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Manifests()
    {
        var folders = CorpusTests.Folder is { } corpus ? new[] { GitOpsSamples.Builds, corpus } : [GitOpsSamples.Builds];
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.y*ml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)).Select(path => (path, File.ReadAllBytes(path)));
    }

    private void SetAll(string name, byte[] bytes, int seed, int? every = null, int first = 0)
    {
        if (Open(name, bytes) is not { } file)
        {
            return;
        }

        var number = seed;
        var step = every ?? Step(file, file.Documents.Sum(document => Scalars(document, YamlPath.Root).Count()));
        var before = Flat(bytes);
        for (var document = 0; document < file.Documents.Count; document++)
        {
            foreach (var (path, node) in Scalars(file.Documents[document], YamlPath.Root).Where((_, index) => index % step == first))
            {
                var value = number++ % 5 == 0 ? YamlValue.Number(number) : YamlValue.Text(Values[number % Values.Length]);
                Try($"{name} {document} {path} = {value.Scalar}", () =>
                {
                    var after = file.Set(document, path, value);
                    var (start, end) = (node.Start, file.Text.Length - node.End);
                    Assert.Equal(file.Text[..start], after.Text[..start]);
                    Assert.Equal(file.Text[^end..], after.Text[^end..]);
                    StaysJson(name, after);
                    Compare(before, Flat(after.ToBytes()), document, path.ToString(), value.Scalar!);
                });
            }
        }
    }

    private void ComeAndGo(string name, byte[] bytes, int seed)
    {
        if (Open(name, bytes) is not { } file)
        {
            return;
        }

        var random = new Random(seed);
        var step = Step(file, file.Documents.Count * 16);
        for (var document = 0; document < file.Documents.Count; document++)
        {
            foreach (var (path, node) in Collections(file.Documents[document], YamlPath.Root).OrderBy(_ => random.Next()).Take(8).Where((_, index) => (index + document) % step == 0).ToArray())
            {
                YamlPath fresh = node.Items is null ? path.Then("added") : path.Then(random.Next(2) == 0 ? -1 : node.Items.Count);
                var value = random.Next(3) switch
                {
                    0 => YamlValue.Mapping(KeyValuePair.Create("k", YamlValue.Text("v")), KeyValuePair.Create("l", YamlValue.Sequence(YamlValue.Number(1), YamlValue.Text("a\nb\n")))),
                    1 => YamlValue.Sequence(YamlValue.Text("1.0")),
                    _ => YamlValue.Text(Values[random.Next(Values.Length)]),
                };
                Try($"{name} {document} {fresh} added", () =>
                {
                    var after = file.Add(document, fresh, value);
                    Assert.True(IsWithout(after.Text, file.Text), after.Text);
                    StaysJson(name, after);

                    // Where a person would add it may be anywhere in a list that is sorted.
                    if (fresh is not { Last: -1 })
                    {
                        Same(Flat(bytes), [.. Flat(after.ToBytes()).Where(entry => !IsBelow(entry.Path, Place(document, fresh)))], Place(document, path));
                    }

                    Assert.Equal(Beside(file.Text, node), Beside(after.Text, node));
                });
                if (node.Children.Any() && !(node.Entries ?? []).Any(entry => entry.IsMerge))
                {
                    var gone = node.Items is null ? path.Then(node.Entries![random.Next(node.Entries.Count)].Key.Text ?? "") : path.Then(random.Next(node.Items.Count));
                    Try($"{name} {document} {gone} removed", () =>
                    {
                        var after = file.Remove(document, gone);
                        var left = Flat(bytes).Where(entry => !IsBelow(entry.Path, Place(document, gone)));
                        Same([.. gone.Last is int index ? MovedUp(left, Place(document, path), index) : left], Flat(after.ToBytes()), Place(document, path));
                        Assert.Equal(file.Documents.Count, after.Documents.Count);
                        StaysJson(name, after);

                        // Beside children that share a line nobody knows whose a comment is, and what is emptied has another sign then.
                        if (!node.IsFlow && node.Children.Skip(1).Any())
                        {
                            var comments = new Queue<string>(Beside(file.Text, node));
                            Assert.All(Beside(after.Text, node), comment =>
                            {
                                while (comments.Count > 0 && comments.Peek() != comment)
                                {
                                    comments.Dequeue();
                                }

                                Assert.True(comments.TryDequeue(out _), after.Text);
                            });
                        }
                    });
                }
            }
        }
    }

    private static void StaysJson(string name, YamlFile file)
    {
        if (name.EndsWith(".json", StringComparison.Ordinal))
        {
            JsonDocument.Parse(file.Text).Dispose();
        }
    }

    private static string Place(int document, YamlPath path) => $"{document.ToString(CultureInfo.InvariantCulture)}:{path}";

    private static bool IsBelow(string path, string place) => path.StartsWith(place, StringComparison.Ordinal) && (path.Length == place.Length || path[place.Length] is '.' or '[');

    // The values of a list as they are when one of its items is gone: those after it have moved.
    private static IEnumerable<(string Path, string Value)> MovedUp(IEnumerable<(string Path, string Value)> entries, string list, int gone)
    {
        foreach (var (path, value) in entries)
        {
            var end = path.StartsWith(list + "[", StringComparison.Ordinal) ? path.IndexOf(']', list.Length) : -1;
            yield return end > 0 && int.TryParse(path.AsSpan(list.Length + 1, end - list.Length - 1), CultureInfo.InvariantCulture, out var index) && index > gone
                ? ($"{list}[{(index - 1).ToString(CultureInfo.InvariantCulture)}]{path[(end + 1)..]}", value)
                : (path, value);
        }
    }

    // What holds the change may have been nothing at all before, or be it afterwards, and that is a value as well.
    private static void Same(List<(string Path, string Value)> expected, List<(string Path, string Value)> actual, string changed)
    {
        var (lost, gained) = (expected.Except(actual).Where(entry => entry.Path != changed).ToArray(), actual.Except(expected).Where(entry => entry.Path != changed).ToArray());
        Assert.True(lost.Length == 0 && gained.Length == 0, $"lost: {string.Join('\n', lost)}\ngained: {string.Join('\n', gained)}");
    }

    // Whether a text is another one with something put in, in at most two places.
    private static bool IsWithout(string longer, string shorter)
    {
        var start = 0;
        while (start < shorter.Length && start < longer.Length && shorter[start] == longer[start])
        {
            start++;
        }

        var end = 0;
        while (end < shorter.Length - start && end < longer.Length - start && shorter[^(end + 1)] == longer[^(end + 1)])
        {
            end++;
        }

        // What is left are the signs of something empty, and a comment behind them.
        var rest = shorter[start..^end].Trim();
        return rest.Length == 0 || longer[start..^end].Contains(rest, StringComparison.Ordinal) || rest[0] is '{' or '[' or '}' or ']' or '~' || rest.StartsWith("null", StringComparison.Ordinal);
    }

    // Comments with what stands right before them on their lines, be it the end of a collection; an empty collection loses its sign.
    private static string[] Beside(string text, SyntaxNode node) =>
        [.. Marked.Matches(text).Select(match => (node.Children.Any() ? match.Groups["word"].Value : "") + match.Groups["comment"].Value)];

    private static YamlFile? Open(string name, byte[] bytes)
    {
        try
        {
            return YamlFile.Read(name, bytes);
        }
        catch (HomelabException)
        {
            // Broken on purpose, or encrypted.
            Assert.DoesNotContain("sample-", name, StringComparison.Ordinal);
            return null;
        }
    }

    private static IEnumerable<(YamlPath Path, SyntaxNode Node)> Scalars(SyntaxNode node, YamlPath path) =>
        node.Text is not null ? [(path, node)] : Children(node, path).SelectMany(child => Scalars(child.Node, child.Path));

    private static IEnumerable<(YamlPath Path, SyntaxNode Node)> Collections(SyntaxNode node, YamlPath path) =>
        (node.Items is not null || node.Entries is not null ? new[] { (path, node) } : []).Concat(Children(node, path).SelectMany(child => Collections(child.Node, child.Path)));

    private static IEnumerable<(YamlPath Path, SyntaxNode Node)> Children(SyntaxNode node, YamlPath path) => node.Items is not null
        ? node.Items.Select((item, index) => (path.Then(index), item))
        : (node.Entries ?? []).Where(entry => entry.Key.Text is not null && !entry.IsMerge).Select(entry => (path.Then(entry.Key.Text!), entry.Value));

    private static void Compare(List<(string Path, string Value)> one, List<(string Path, string Value)> other, int document, string path, string value)
    {
        var place = $"{document.ToString(CultureInfo.InvariantCulture)}:{path}";
        Assert.Equal(one.Select(entry => entry.Path), other.Select(entry => entry.Path));
        var changed = one.Zip(other).Where(pair => pair.First.Value != pair.Second.Value && pair.First.Path != place).ToArray();
        Assert.True(changed.Length == 0, string.Join('\n', changed));
        Assert.Equal(value, other.Single(entry => entry.Path == place).Value[1..]);
    }

    // Paths and values of a file as the project's other reader understands them; a letter tells text from all else.
    private static List<(string Path, string Value)> Flat(byte[] bytes)
    {
        var flat = new List<(string Path, string Value)>();
        foreach (var document in YamlReader.ReadAll("f.yaml", bytes))
        {
            Walk(document.Root, YamlPath.Root, document.Index.ToString(CultureInfo.InvariantCulture));
        }

        return flat;

        void Walk(YamlNode node, YamlPath path, string document)
        {
            for (var index = 0; index < (node.Items?.Count ?? 0); index++)
            {
                Walk(node.Items![index], path.Then(index), document);
            }

            foreach (var (key, value) in node.Entries ?? [])
            {
                Walk(value, path.Then(key.Text ?? ""), document);
            }

            if (node.Text is not null)
            {
                var isText = !node.IsPlain || ScalarTyping.ResolvePlain(node.Text, YamlSchema.Json).Kind == ScalarKind.Text;
                flat.Add(($"{document}:{path}", (isText ? "t" : "n") + node.Text));
            }
        }
    }

    private void Try(string what, Action edit)
    {
        _edits++;
        try
        {
            edit();
        }
        catch (HomelabException refused) when (refused.Id is "ManifestEditRefused" or "ManifestValueShared")
        {
            var reason = refused.Id == "ManifestValueShared" ? refused.Id : refused.Place!.Key;
            _refused[reason] = _refused.GetValueOrDefault(reason) + 1;
            if (reason == "Detail_EditUnproven" && _refused[reason] <= 15)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"refused: {what}");
            }
        }
        catch (Exception failure)
        {
            _failures.Add($"{what}: {failure.Message}");
        }
    }

    private void Report(double mostRefused)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{_edits} edits, {_failures.Count} failures, refused: {string.Join(", ", _refused.Select(entry => $"{entry.Key} {entry.Value}"))}");
        Assert.True(_failures.Count == 0, $"{_failures.Count} of {_edits}: {string.Join("\n\n", _failures.Take(12))}");
        Assert.True(_refused.GetValueOrDefault("Detail_EditUnproven") <= _edits * mostRefused, "Too much is refused.");
    }
}
