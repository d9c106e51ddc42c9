using System.Text.RegularExpressions;
using System.Xml.Linq;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>The error ids of the pages, of the code and of the tests are the same.</summary>
[Collection(nameof(ProcessWide))]
public sealed partial class DocumentedErrorTests
{
    private const string OfThisModule = "UnexpectedFailure RestartRequired";

    // Made of the kind of the object, so that they have no method of their own.
    [GeneratedRegex(@"^(App|FluxResource|Namespace|Node|Pod|Replication|Volume)NotFound$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfAKind { get; }

    [Fact]
    public void Every_error_that_can_be_made_has_its_row_in_about_HomelabOps() =>
        Assert.Empty(Made().Except(InTable()));

    [Fact]
    public void Every_row_is_an_error_that_can_be_made() =>
        Assert.Empty(InTable().Where(id => !OfAKind.IsMatch(id)).Except(Made()));

    [Fact]
    public void What_a_page_names_is_in_the_table_and_in_a_test()
    {
        var tests = string.Concat(Directory.EnumerateFiles(Folder("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileNameWithoutExtension(file) != nameof(DocumentedErrorTests)).Select(File.ReadAllText));

        Assert.Empty(OnPages().Except(InTable()));
        Assert.All(InTable(), id => Assert.Matches($"\"{id}[\",]", tests));
    }

    [Fact]
    public void The_texts_are_sorted_and_each_is_used()
    {
        var keys = Texts().ToList();
        var code = string.Concat(Directory.EnumerateFiles(Folder("src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);

        // Variants of a text are put together of its id and an underscore.
        Assert.All(keys.Select(key => key.StartsWith("Detail_", StringComparison.Ordinal) ? key : key.Split('_')[0]), key => Assert.Matches($@"\b{key}\b", code));
    }

    // Methods of the factory whose name is the key of a text.
    private static List<string> Made()
    {
        using var engine = new Engine();
        var factory = PrivateContext.Load("HomelabOps.Core").GetType("HomelabOps.Core.Errors", throwOnError: true)!;
        var keys = Texts().ToHashSet(StringComparer.Ordinal);
        return [.. factory.GetMethods().Where(method => method.ReturnType.Name == "HomelabException" && keys.Contains(method.Name) && method.Name != "ObjectNotFound")
            .Select(method => method.Name).Distinct().Concat(OfThisModule.Split(' '))];
    }

    private static IEnumerable<string> Texts() => XDocument.Load(Path.Combine(Folder("src"), "HomelabOps.Core", "Errors", "Messages.resx")).Root!
        .Elements("data").Select(element => element.Attribute("name")!.Value);

    private static List<string> InTable() => [.. Row().Matches(File.ReadAllText(Path.Combine(Folder("docs"), "about", "about_HomelabOps.md"))).Select(match => match.Groups["id"].Value)];

    // In lists of errors ids are set as code, and each begins an item or follows another id.
    private static IEnumerable<string> OnPages() => Directory.EnumerateFiles(Path.Combine(Folder("docs"), "cmdlets"), "*.md")
        .SelectMany(File.ReadLines).Where(line => line.StartsWith("- `", StringComparison.Ordinal))
        .SelectMany(line => Id().Matches(line.Split(": ")[0])).Select(match => match.Groups["id"].Value).Distinct();

    private static string Folder(string name) => Path.Combine(Build.RepositoryRoot, name);

    [GeneratedRegex(@"^\| (?<id>[A-Z]\w+) \| [A-Z]\w+ \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<id>[A-Z][a-z]\w+[a-z])`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
