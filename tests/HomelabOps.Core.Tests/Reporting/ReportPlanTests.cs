using HomelabOps.Core.Reporting;

namespace HomelabOps.Core.Tests.Reporting;

/// <summary>Which files a report is written to, and what becomes of those that are there.</summary>
public sealed class ReportPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "", "homelab-report.html")]
    [InlineData("", "Json,Html", "homelab-report.json homelab-report.html")]
    [InlineData("lab.json", "", "lab.json")]
    [InlineData("lab.PROM", "", "lab.PROM")]
    [InlineData("lab", "", "lab")]
    [InlineData("lab.txt", "Prometheus", "lab.txt")]
    [InlineData("lab.html", "Html,Json,Prometheus", "lab.html lab.json lab.prom")]
    [InlineData("new/", "Json,Json", "new/homelab-report.json")]
    public void A_path_and_formats_name_files(string path, string formats, string expected)
    {
        var plan = ReportPlan.Of(Path.Combine(_folder, path), [.. formats.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<ReportFormat>)]);
        Assert.Equal(expected.Split(' '), plan.Files.Select(file => Path.GetRelativePath(_folder, file.Path).Replace('\\', '/')));
    }

    [Fact]
    public void The_ending_tells_the_format()
    {
        Assert.Equal(ReportFormat.Prometheus, ReportPlan.Of(Path.Combine(_folder, "a.prom"), []).Files[0].Format);
        Assert.Equal(ReportFormat.Html, ReportPlan.Of(Path.Combine(_folder, "a.htm"), []).Files[0].Format);
    }

    [Fact]
    public void Files_are_replaced_whole_and_nothing_else_is_left()
    {
        var path = Path.Combine(_folder, "deep", "er", "lab.html");
        var plan = ReportPlan.Of(path, [ReportFormat.Html, ReportFormat.Prometheus]);
        plan.Check(keep: false);
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
        Assert.Equal(["lab.html", "lab.prom"], plan.Write(ReportExample.Of(1), keep: false).ToList().Select(file => file.Name));
        File.WriteAllText(path, "before");
        _ = plan.Write(ReportExample.Of(1), keep: false).ToList();
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).Length);
    }

    [Fact]
    public void Only_metrics_are_for_everybody_and_a_file_that_is_replaced_keeps_its_readers()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Rights are those of the folder there.");
            return;
        }

        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const UnixFileMode all = own | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var path = Path.Combine(_folder, "lab.html");
        var plan = ReportPlan.Of(path, [ReportFormat.Html, ReportFormat.Json, ReportFormat.Prometheus]);
        string Modes() => string.Join(' ', plan.Write(ReportExample.Of(1), keep: false).ToList().Select(file => file.UnixFileMode switch { own => "own", all => "all", var mode => $"{mode}" }));

        // The collector runs as somebody else.
        Assert.Equal("own own all", Modes());
        File.SetUnixFileMode(path, all);
        File.SetUnixFileMode(Path.ChangeExtension(path, ".prom"), own);
        Assert.Equal("all own all", Modes());
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        var (real, link) = (Path.Combine(_folder, "real.html"), Path.Combine(_folder, "link.html"));
        File.WriteAllText(real, "before");
        File.CreateSymbolicLink(link, real);
        _ = ReportPlan.Of(link, []).Write(ReportExample.Of(1), keep: false).ToList();
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.StartsWith("<!DOCTYPE", File.ReadAllText(real), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_written_is_said_before()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "homelab-report.json"));
        Assert.Equal("ReportUnwritable", Fails(Path.Combine(_folder, "file", "lab.html"), [], false));
        Assert.Equal("ReportUnwritable", Fails(_folder, [ReportFormat.Json], false));
        Assert.Equal("ReportExists", Fails(Path.Combine(_folder, "file"), [], true));
        Assert.True(Directory.Exists(Path.Combine(_folder, "homelab-report.json")));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public void A_file_that_came_meanwhile_is_kept_where_that_was_asked_for()
    {
        var path = Path.Combine(_folder, "lab.html");
        var plan = ReportPlan.Of(path, []);
        plan.Check(keep: true);
        File.WriteAllText(path, "somebody's");
        Assert.Equal("ReportExists", Assert.Throws<HomelabException>(() => plan.Write(ReportExample.Of(1), keep: true).ToList()).Id);
        Assert.Equal("somebody's", File.ReadAllText(path));
    }

    private static string Fails(string path, ReportFormat[] formats, bool keep) => Assert.Throws<HomelabException>(() => ReportPlan.Of(path, formats).Check(keep)).Id;
}
