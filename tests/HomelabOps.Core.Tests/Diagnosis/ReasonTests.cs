using System.Xml.Linq;

namespace HomelabOps.Core.Tests.Diagnosis;

/// <summary>Every reason that the diagnosis can give is produced by a test, by its name.</summary>
public sealed class ReasonTests
{
    private const string Prefix = "Diagnosis_";
    private const string Suffix = "_Remedy";

    private static readonly char[] Between = [.. " \r\n\t\"'\\/()[]{}<>.,:;=|$!?"];

    // Other words for a reason that is named.
    private static readonly string[] Variants = ["WorkloadDeleted"];

    [Fact]
    public void Each_is_named_by_a_test()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Module.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        var reasons = XDocument.Load(Path.Combine(root, "src", "HomelabOps.Core", "Errors", "Messages.resx")).Descendants("data").Select(text => (string)text.Attribute("name")!)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).ToList();
        var words = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj") && Path.GetFileName(file) != "ReasonTests.cs")
            .SelectMany(file => File.ReadAllText(file).Split(Between, StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.Ordinal);
        Assert.True(reasons.Count > 80, $"{reasons.Count} reasons");
        Assert.Equal(Variants, reasons.Where(reason => !words.Contains(reason)).Order(StringComparer.Ordinal));
    }
}
