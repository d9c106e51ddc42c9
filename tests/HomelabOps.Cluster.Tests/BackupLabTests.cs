using System.Diagnostics;

namespace HomelabOps.Cluster.Tests;

/// <summary>The data of an application that runs on a real kubelet, there and back, with names, links and owners that are no easy ones.</summary>
[Collection(nameof(Alone))]
public sealed class BackupLabTests : ClusterTest
{
    private const string Node = "k3s-w1";

    // Everything that a file has, with the lines of odd names made one.
    private const string Listing = """
        for folder in app extra; do
          cd "$folder"; find . -exec sh -c 'for file; do
            content=$(if [ -f "$file" ]; then sha256sum < "$file"; elif [ -L "$file" ]; then readlink "$file"; fi)
            printf "%s|%s|%s\n" "$(printf "%s" "$file" | tr "\n" "?")" "$(stat -c "%F %a %u:%g %h %s" "$file")" "$content"
            if [ ! -L "$file" ] && [ ! -p "$file" ]; then stat -c "%Y" "$file"; fi
          done' sh {} + ; cd ..
        done
        """;

    private readonly LabNamespace _space = new();
    private readonly RoleGrant _role = new("homelabops-storage");
    private readonly TemporaryFolder _folder = new();

    public BackupLabTests()
    {
        NodeShell.Run(Node, $"mkdir -p {Root}/app/inner {Root}/extra");
        OnNode("""
            cd app
            mkdir -p 'sub dir/deep' 'line
            feed'
            printf 12345 > 'sub dir/ä b'; ln 'sub dir/ä b' second; ln -s second link; ln -s /nowhere/else lost; printf x > 'line
            feed/a
            b'; printf y > 'back\slash'; printf z > ' blanks '; printf q > "it's"; : > empty; mkfifo pipe; mkdir none
            head -c 3000000 /dev/urandom > big; printf secret > key; printf more > ../extra/more
            chmod 0400 key; chmod 2770 'sub dir'; chmod 1777 none; chown 1234:4321 . key link big 'sub dir/deep'; chown -h 1234:4321 link; chown 33:0 'sub dir/ä b'; chmod 4750 'sub dir/ä b'
            touch -d 2020-01-02T03:04:05 big key 'sub dir/ä b'; touch -d 2021-01-02T03:04:05 'sub dir/deep' none 'line
            feed' .; touch -d 2022-01-02T03:04:05 'sub dir'
            """);
        _space.Send(HttpMethod.Post, $"/apis/apps/v1/namespaces/{_space.Name}/deployments", $$$"""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app"},"spec":{"replicas":1,"strategy":{"type":"Recreate"},"selector":{"matchLabels":{"app":"app"}},"template":{"metadata":{"labels":{"app":"app"}},"spec":{
              "nodeName":"{{{Node}}}","terminationGracePeriodSeconds":1,
              "containers":[{"name":"app","image":"docker.io/library/busybox:1.36","imagePullPolicy":"IfNotPresent","command":["sh","-c","trap exit TERM; while true; do sleep 0.2; done"],"volumeMounts":[{"name":"data","mountPath":"/data"},{"name":"extra","mountPath":"/extra"}]}],
              "volumes":[{"name":"data","hostPath":{"path":"{{{Root}}}/app"} },{"name":"extra","hostPath":{"path":"{{{Root}}}/extra"} }] } } } }
            """);
        var file = _folder.File("homelab.yaml", $"podStoragePath: {Root}\nprimaryNode: {Node}\n");
        Run("$env:HOMELABOPS_CONFIG = $file", ("file", file)).ThrowIfFailed();
        Assert.True(Until(() => Runs), "the application did not start");
    }

    private string Root => $"/srv/{_space.Name}";

    private bool Runs => Run($"\"$((Get-HomelabApp {_space.Name}/app).Ready)\"").Strings.SingleOrDefault() == "True";

    [Fact]
    public void What_was_there_comes_back_as_it_was()
    {
        var before = OnNode(Listing);
        var backup = Run($"Backup-HomelabApp {_space.Name}/app -Path $folder -KubeConfig '{_role.KubeConfig}'", ("folder", _folder.Path)).ThrowIfFailed().Output.Single();
        var path = (string)backup.Properties["Path"].Value;
        Assert.True(Runs);
        Assert.Equal(before, OnNode(Listing));
        OnNode("cd app; rm -rf 'sub dir' key link; printf broken > big; printf new > new; chown 0:0 .");

        var restored = Run($"Restore-HomelabApp {_space.Name}/app -From $path -KubeConfig '{_role.KubeConfig}'", ("path", path)).ThrowIfFailed();

        Assert.Empty(restored.Warnings);
        Assert.Equal([$"{Root}/app", $"{Root}/extra"], restored.Output.Select(record => record.Properties["Path"].Value));
        Assert.All(restored.Output, record => Assert.True((bool)record.Properties["Verified"].Value));
        Assert.Equal(before, OnNode(Listing));
        var aside = (string)restored.Output[0].Properties["Aside"].Value;
        Assert.Equal("broken new", NodeShell.Run(Node, $"cd {aside}; cat big; printf ' '; cat new"));
        Assert.True(Runs);
        Assert.Equal(["12345"], Run($"(Invoke-HomelabPod {_space.Name}/app-* -Command 'cat /data/second').Output").ThrowIfFailed().Strings);
        NothingIsLeft(asides: 2);

        // The copy beside it is as good, and stays.
        Run($"Get-HomelabBackup -Kind Protect | Where-Object Path -EQ '{aside}' | Restore-HomelabApp -Namespace {_space.Name}").ThrowIfFailed();
        Assert.Equal("broken new", NodeShell.Run(Node, $"cd {Root}/app; cat big; printf ' '; cat new"));
        Assert.Equal("broken new", NodeShell.Run(Node, $"cd {aside}; cat big; printf ' '; cat new"));
        NothingIsLeft(asides: 3);
    }

    [Fact]
    public void Ctrl_C_while_it_is_sent_leaves_the_old_data_and_no_trace()
    {
        OnNode("head -c 150000000 /dev/urandom > app/large");
        var path = (string)Run($"Backup-HomelabApp {_space.Name}/app -Path $folder -Hot", ("folder", _folder.Path)).ThrowIfFailed().Output.Single().Properties["Path"].Value;
        var before = OnNode(Listing);
        using (Start($"Restore-HomelabApp {_space.Name}/app -From '{path}'"))
        {
            Assert.True(Until(() => NodeShell.Run(Node, $"find {Root} -name large | wc -l") == "2"), "nothing was sent");
        }

        Assert.True(Until(() => NodeShell.Run(Node, $"ls -A {Root} | wc -l") == "2"), "the copy was left");
        Assert.Equal(before, OnNode(Listing));
        Assert.True(Runs);
        NothingIsLeft(asides: 0);
    }

    protected override void Dispose(bool disposing)
    {
        Run("$env:HOMELABOPS_CONFIG = $null");
        _space.Dispose();
        _role.Dispose();
        _folder.Dispose();
        NodeShell.Run(Node, $"rm -rf {Root}");
        base.Dispose(disposing);
    }

    private static bool Until(Func<bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(2))
            {
                return false;
            }

            Thread.Sleep(100);
        }

        return true;
    }

    private string OnNode(string script) => NodeShell.Run(Node, $"cd {Root}\n{script.Replace("\r", "", StringComparison.Ordinal)}");

    private void NothingIsLeft(int asides)
    {
        Assert.Equal($"{asides}", NodeShell.Run(Node, $"ls -A {Root} | grep -c '^[.]' || true"));
        Assert.True(Until(() => Run("Get-HomelabPod -Namespace kube-system -Selector app.kubernetes.io/name=homelabops-probe").ThrowIfFailed().Output.Count == 0), "a pod was left");
    }
}
