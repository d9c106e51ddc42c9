using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HomelabOps.Core.Tests.Diagnosis;

/// <summary>Every reason that the diagnosis can give is produced by a test, by its name.</summary>
public sealed class ReasonTests
{
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

        var reasons = XDocument.Load(Path.Combine(root, "src", "HomelabOps.Core", "Errors", "Messages.resx")).Descendants("data")
            .Select(text => Regex.Match((string)text.Attribute("name")!, "^Diagnosis_(\\w+)_Remedy$")).Where(name => name.Success).Select(name => name.Groups[1].Value).ToList();
        var words = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj") && Path.GetFileName(file) != "ReasonTests.cs")
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "\\w+").Select(word => word.Value)).ToHashSet(StringComparer.Ordinal);
        Assert.True(reasons.Count > 80, $"{reasons.Count} reasons");
        Assert.Equal(Variants, reasons.Where(reason => !words.Contains(reason)).Order(StringComparer.Ordinal));
    }
}
