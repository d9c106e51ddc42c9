using HomelabOps.Core.Topology;

namespace HomelabOps.Core.Tests.Topology;

public sealed class HomelabConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_nearer_file_wins()
    {
        var repository = _folder.At("repository");
        Assert.Null(HomelabConfigFile.Find(null, repository, Environment()));
        Assert.Null(HomelabConfigFile.Load(null, null, Environment()).Path);

        var user = _folder.Write("home/.config/homelabops/homelab.yaml", "primaryNode: user");
        Assert.Equal(user, HomelabConfigFile.Find(null, repository, Environment()));

        var own = _folder.Write("repository/homelab.yaml", "primaryNode: repository");
        Assert.Equal(own, HomelabConfigFile.Find(null, repository, Environment()));
        Assert.Equal(user, HomelabConfigFile.Find(null, null, Environment()));

        _variables["HOMELABOPS_CONFIG"] = _folder.Write("variable.yaml", "primaryNode: variable");
        Assert.Equal("variable", HomelabConfigFile.Load(null, repository, Environment()).PrimaryNode);

        var named = _folder.Write("named.yaml", "primaryNode: named");
        Assert.Equal(named, HomelabConfigFile.Find(named, repository, Environment()));
        Assert.Equal(own, HomelabConfigFile.Find(repository, null, Environment()));
    }

    [Fact]
    public void A_file_that_is_named_must_exist()
    {
        var missing = _folder.At("missing.yaml");
        var error = Assert.Throws<HomelabException>(() => HomelabConfigFile.Find(missing, null, Environment()));
        Assert.Equal(("HomelabConfigNotFound", ErrorKind.ObjectNotFound, missing), (error.Id, error.Kind, error.Target));

        _variables["HOMELABOPS_CONFIG"] = missing;
        error = Assert.Throws<HomelabException>(() => HomelabConfigFile.Find(null, null, Environment()));
        Assert.Equal("HomelabConfigNotFound", error.Id);
        Assert.Contains("HOMELABOPS_CONFIG", error.Message, StringComparison.Ordinal);
        Assert.Equal("HomelabConfigNotFound", Assert.Throws<HomelabException>(() => HomelabConfigFile.Read(missing)).Id);
        Assert.Equal("HomelabConfigNotFound", Assert.Throws<HomelabException>(() => HomelabConfigFile.PlaceForNew(null, null, Environment() with { Home = "" })).Id);
    }

    [Fact]
    public void Each_system_has_its_own_folder()
    {
        var home = _folder.At("home");
        Assert.Equal(Path.Combine(home, ".config", "homelabops"), Environment().UserFolder);
        Assert.Equal(Path.Combine(home, "Library", "Application Support", "HomelabOps"), (Environment() with { IsMacOS = true }).UserFolder);
        Assert.Equal(Path.Combine(home, "AppData", "Roaming", "HomelabOps"), (Environment() with { IsWindows = true }).UserFolder);
        _variables["XDG_CONFIG_HOME"] = "relative";
        Assert.Equal(Path.Combine(home, ".config", "homelabops"), Environment().UserFolder);
        _variables["XDG_CONFIG_HOME"] = _folder.At("xdg");
        _variables["APPDATA"] = _folder.At("roaming");
        Assert.Equal(_folder.At("xdg", "homelabops"), Environment().UserFolder);
        Assert.Equal(_folder.At("roaming", "HomelabOps"), (Environment() with { IsWindows = true }).UserFolder);
        Assert.Null(HomelabConfigFile.Find(null, null, Environment() with { Home = "", GetVariable = _ => null }));
    }

    [Fact]
    public void A_new_file_goes_into_the_repository_else_to_the_user()
    {
        Assert.Equal(_folder.At("repository", "homelab.yaml"), HomelabConfigFile.PlaceForNew(null, _folder.At("repository"), Environment()));
        Assert.Equal(_folder.At("home", ".config", "homelabops", "homelab.yaml"), HomelabConfigFile.PlaceForNew(null, null, Environment()));
        Assert.Equal(_folder.At("other.yaml"), HomelabConfigFile.PlaceForNew(_folder.At("other.yaml"), _folder.At("repository"), Environment()));
        Assert.Equal(_folder.At("homelab.yaml"), HomelabConfigFile.PlaceForNew(_folder.Root, null, Environment()));
    }

    [Fact]
    public void A_file_is_never_replaced_unasked()
    {
        var file = _folder.At("new", "homelab.yaml");
        HomelabConfigFile.RefuseExisting(file);
        Assert.Equal(file, HomelabConfigFile.Write(new HomelabConfig { PrimaryNode = "one" }, file, replace: false).Path);
        var error = Assert.Throws<HomelabException>(() => HomelabConfigFile.Write(new HomelabConfig { PrimaryNode = "two" }, file, replace: false));
        Assert.Equal(("HomelabConfigExists", ErrorKind.ResourceExists, file), (error.Id, error.Kind, error.Target));
        Assert.Equal("HomelabConfigExists", Assert.Throws<HomelabException>(() => HomelabConfigFile.RefuseExisting(file)).Id);
        Assert.Equal("one", HomelabConfigFile.Read(file).PrimaryNode);

        HomelabConfigFile.Write(new HomelabConfig { PrimaryNode = "two" }, file, replace: true);
        Assert.Equal("two", HomelabConfigFile.Read(file).PrimaryNode);
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder.At("new")));
    }

    [Fact]
    public void Everybody_may_read_the_file()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no mode.");
            return;
        }

        var file = HomelabConfigFile.Write(new HomelabConfig(), _folder.At("homelab.yaml"), replace: false).Path!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making a link needs rights on Windows.");
        var target = _folder.Write("target.yaml", "primaryNode: one");
        var link = _folder.At("homelab.yaml");
        File.CreateSymbolicLink(link, target);
        HomelabConfigFile.Write(new HomelabConfig { PrimaryNode = "two" }, link, replace: true);
        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal("two", HomelabConfigFile.Read(target).PrimaryNode);
    }

    [Fact]
    public void What_cannot_be_read_or_written_is_said()
    {
        // A folder is unreadable as a file, and a file is no folder, for root too.
        var error = Assert.Throws<HomelabException>(() => HomelabConfigFile.Read(_folder.Root));
        Assert.Equal(("HomelabConfigUnreadable", ErrorKind.PermissionDenied), (error.Id, error.Kind));

        var below = Path.Combine(_folder.Write("file", ""), "homelab.yaml");
        error = Assert.Throws<HomelabException>(() => HomelabConfigFile.Write(new HomelabConfig(), below, replace: false));
        Assert.Equal(("HomelabConfigUnwritable", ErrorKind.PermissionDenied, below), (error.Id, error.Kind, error.Target));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var file = _folder.At("homelab.yaml");
        string[] values = ["plain", "yes", "null", "~", "12", "4.2", "0x1f", "1e3", "2026-01-16", "12:30", "a: b", "a #b", "#a", "'", "it's", "\"", "\\", "- a", "[a]", "{a}", "&a", "*a", "!a", "%a", "@a", "`a", "a, b", "<<", "ä", "\u2028x", "a\tb", "a\nb", "😀", "-", "?", ":", "=", "a:"];
        foreach (var value in values)
        {
            var config = new HomelabConfig
            {
                Path = file,
                PrimaryNode = value,
                BackupNode = $"{value}x",
                NodeRoleLabel = value.Replace('=', '-'),
                Nodes = [new() { Name = value }, new() { Name = "host", Kind = HomelabNodeKind.Host, SshHost = "pve" }, new() { Name = "vm", Kind = HomelabNodeKind.Vm, VmId = 7 }],
                Mounts = [new() { Path = $"/{value}", Source = $"nas:/{value}", Version = "4.2", Options = ["ro"], Nodes = ["b", value] }, new() { Path = "/an/other" }],
                ClaimPattern = $"<app>-{value}",
                BackupClaimPattern = $"{value}-<app>",
                SyncthingSelector = value,
                StorageKustomization = value,
                Repository = Path.Combine(_folder.Root, "in", "side"),
                FluxNamespace = value,
                MetalLBNamespace = value,
                ValuePaths = [new() { Field = ManifestField.Image, Path = value }, new() { Field = ManifestField.Resources, Path = $"{value}.**.x" }],
            };
            HomelabConfigFile.Write(config, file, replace: true);
            var text = File.ReadAllText(file);
            var read = HomelabConfigFile.Read(file);
            Assert.Equal(value, read.PrimaryNode);
            Assert.Equal(config.ClaimPattern, read.ClaimPattern);
            Assert.Equal(config.BackupClaimPattern, read.BackupClaimPattern);
            Assert.Equal(config.Repository, read.Repository);
            Assert.Equal(config.Nodes, read.Nodes);
            Assert.Equal(config.Mounts[0].Nodes, read.Mounts[0].Nodes);
            Assert.Equal(config.ValuePaths, read.ValuePaths);
            Assert.Equal((config.Mounts[0].Path, config.Mounts[0].Source, config.Mounts[1].Path), (read.Mounts[0].Path, read.Mounts[0].Source, read.Mounts[1].Path));
            Assert.Equal(text, HomelabConfigFile.Text(read, file));
        }
    }

    [Fact]
    public void Each_setting_has_its_comment()
    {
        var text = HomelabConfigFile.Text(new HomelabConfig { Nodes = [new() { Name = "k3s-w1" }], Repository = _folder.Root }, _folder.At("homelab.yaml"));
        var lines = text.Split('\n');
        var settings = lines.Index().Where(line => line.Item.Length > 0 && char.IsAsciiLetter(line.Item[0])).ToArray();
        Assert.Equal(14, settings.Length);
        Assert.All(settings, line => Assert.StartsWith("# ", lines[line.Index - 1], StringComparison.Ordinal));
        Assert.Contains("repository: .\n", text, StringComparison.Ordinal);
        Assert.Contains("  - name: k3s-w1\n    # kind: lxc\n    # sshHost: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    private HomelabConfigEnvironment Environment() =>
        new() { GetVariable = name => _variables.GetValueOrDefault(name), Home = _folder.At("home"), IsWindows = false, IsMacOS = false };
}
