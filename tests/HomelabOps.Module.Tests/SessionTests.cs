using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>Which connection a cmdlet takes, against a server that answers just enough.</summary>
[Collection(nameof(ProcessWide))]
public sealed class SessionTests : IDisposable
{
    private readonly MinimalApiServer _server = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Run("Disconnect-Homelab -ErrorAction Ignore");
        _engine.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void A_connection_says_what_was_reached()
    {
        var connection = Connect(_engine, "one").Output.Single();

        Assert.Equal("one", connection.Properties["Context"].Value);
        Assert.Equal("v1.36.0", connection.Properties["KubernetesVersion"].Value);
        Assert.Equal(_server.KubeConfig, connection.Properties["KubeConfigPath"].Value);
        Assert.Equal(["one"], _engine.Run("(Get-HomelabConnection).Context").ThrowIfFailed().Strings);
    }

    [Fact]
    public void Nothing_is_broken_on_purpose_in_a_cluster_that_is_not_embedded()
    {
        Connect(_engine, "one");

        Assert.Equal("DrillSandboxOnly", Assert.Single(_engine.Run("Invoke-HomelabDrill *").Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_copy_is_made_of_what_one_is_connected_to()
    {
        _engine.Run("$null = Disconnect-Homelab");
        Assert.Equal("NoConnection", Assert.Single(_engine.Run("Invoke-HomelabDrill -FromCluster").Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_runspace_that_did_not_connect_uses_the_connection_of_the_process()
    {
        using var other = new Engine();
        Connect(_engine, "one");

        Assert.Equal(["one"], other.Run("(Get-HomelabConnection).Context").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_runspace_that_connected_keeps_its_own()
    {
        using var other = new Engine();
        Connect(_engine, "one");
        Connect(other, "two");

        Assert.Equal(["one"], _engine.Run("(Get-HomelabConnection).Context").ThrowIfFailed().Strings);
        Assert.Equal(["two"], other.Run("(Get-HomelabConnection).Context").ThrowIfFailed().Strings);
        other.Run("Disconnect-Homelab").ThrowIfFailed();
    }

    [Fact]
    public void Blocks_of_ForEach_Object_Parallel_share_the_connection()
    {
        Connect(_engine, "one");

        var names = _engine.Run($"1..4 | ForEach-Object -Parallel {{ Import-Module '{Build.Manifest}'; (Get-HomelabConnection).Context }}").ThrowIfFailed().Strings;

        Assert.Equal(["one", "one", "one", "one"], names);
    }

    [Fact]
    public void Disconnecting_twice_says_that_nothing_is_connected()
    {
        Connect(_engine, "one");

        Assert.Equal(["one"], _engine.Run("(Disconnect-Homelab).Context").ThrowIfFailed().Strings);
        Assert.Empty(_engine.Run("Get-HomelabConnection").ThrowIfFailed().Output);
        Assert.Equal(["NoConnection"], _engine.Run("Disconnect-Homelab").ErrorIds);
    }

    [Theory]
    [InlineData("Connect-Homelab $file -Context three", "ContextNotFound")]
    [InlineData("Connect-Homelab ./no-such-file", "KubeConfigNotFound")]
    [InlineData("Connect-Homelab $file -Repository ./no-such-folder", "PathNotFound")]
    [InlineData("Connect-Homelab $file -ConfigPath ./no-such-file", "HomelabConfigNotFound")]
    public void A_connection_that_cannot_be_made_is_one_clear_error_and_leaves_the_old_one(string script, string id)
    {
        Connect(_engine, "one");

        var result = _engine.Run(script, ("file", _server.KubeConfig));

        Assert.Equal([id], result.ErrorIds);
        Assert.Equal(["one"], _engine.Run("(Get-HomelabConnection).Context").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_context_of_the_same_name_in_another_kubeconfig_has_a_name_of_its_own()
    {
        using var second = new MinimalApiServer();
        var first = Connect(_engine, "one").Output.Single().Properties["Name"].Value;

        var other = _engine.Run("Connect-Homelab $file", ("file", second.KubeConfig)).ThrowIfFailed().Output.Single();

        Assert.NotEqual(first, other.Properties["Name"].Value);
        Assert.StartsWith("one@127.0.0.1:", (string)other.Properties["Name"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wildcard_that_means_several_contexts_lists_them()
    {
        var result = _engine.Run("Connect-Homelab $file -Context *", ("file", _server.KubeConfig));

        Assert.Equal(["ContextAmbiguous"], result.ErrorIds);
        Assert.Contains("'one', 'two'", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Contexts_complete_from_the_kubeconfig()
    {
        var matches = _engine.Run($"(TabExpansion2 'Connect-Homelab {_server.KubeConfig} -Context t' -cursorColumn {$"Connect-Homelab {_server.KubeConfig} -Context t".Length}).CompletionMatches.CompletionText").Strings;

        Assert.Contains("two", matches);
    }

    private Engine.Result Connect(Engine engine, string context) =>
        engine.Run("Connect-Homelab $file -Context $name", ("file", _server.KubeConfig), ("name", context)).ThrowIfFailed();
}
