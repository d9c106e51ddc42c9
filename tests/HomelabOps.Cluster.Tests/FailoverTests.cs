namespace HomelabOps.Cluster.Tests;

/// <summary>Failovers as a user gives them, on the embedded homelab with its real Git repository and Flux.</summary>
[Collection(nameof(Alone))]
public sealed class FailoverTests(SandboxFixture sandbox) : JournaledTest(sandbox), IClassFixture<SandboxFixture>
{
    private string Clone => Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;

    private string Tip => HomelabClone.Git(Clone, "ls-remote", "origin", "refs/heads/main");

    [Fact]
    public void An_application_moves_off_a_node_that_is_alive()
    {
        var readiness = Run("Test-HomelabFailover sonarr").ThrowIfFailed().Output.Single();
        Assert.True((bool)readiness.Properties["Ready"].Value, string.Join('\n', Run("(Test-HomelabFailover sonarr).Gates | ForEach-Object { \"$_\" }").Strings));
        Assert.Equal((true, "k3s-w1", "k3s-w2", TimeSpan.Zero), (readiness.Properties["Planned"].Value, readiness.Properties["From"].Value, readiness.Properties["To"].Value, readiness.Properties["DataLossWindow"].Value));
        Assert.Null(readiness.Properties["DataLossBytes"].Value);

        var tip = Tip;
        Assert.Empty(Run("Invoke-HomelabFailover sonarr -Planned -WhatIf").ThrowIfFailed().Output);
        Assert.Empty(Run("Get-HomelabOperation").ThrowIfFailed().Output);
        Assert.Equal((tip, "k3s-w1"), (Tip, Run("(Get-HomelabApp sonarr).Node").ThrowIfFailed().Strings.Single()));

        var moved = Run("Invoke-HomelabFailover sonarr -Planned -Confirm:$false -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal(("Completed", "k3s-w2"), (moved.Properties["Status"].Value.ToString(), Run("(Get-HomelabApp sonarr).Node").ThrowIfFailed().Strings.Single()));
        Assert.Equal((string)moved.Properties["Commit"].Value, Tip[..40]);
        Assert.Equal(["Completed True"], Run("Get-HomelabOperation | ForEach-Object { \"$($_.Status) $($_.HasRun)\" }").ThrowIfFailed().Strings);
        Assert.Equal("OperationNotUndoable", Id("Get-HomelabOperation | Undo-HomelabOperation -Confirm:$false"));
        Assert.Equal("OperationNotResumable", Id("Get-HomelabOperation | Resume-HomelabOperation -Confirm:$false"));

        // Given again it is a result, and no edit.
        tip = Tip;
        Assert.Equal(["Completed"], Run("(Invoke-HomelabFailover sonarr -Planned -Confirm:$false).Status").ThrowIfFailed().Strings);
        Assert.Equal(tip, Tip);
        ComeHome(tip);
    }

    private void ComeHome(string tip)
    {
        Assert.Empty(Run("Invoke-HomelabFailback sonarr -WhatIf").ThrowIfFailed().Output);
        Assert.Equal((tip, "k3s-w2"), (Tip, Run("(Get-HomelabApp sonarr).Node").ThrowIfFailed().Strings.Single()));
        var home = Run("Invoke-HomelabFailback sonarr -Confirm:$false -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal(("Completed", "k3s-w1"), (home.Properties["Status"].Value.ToString(), Run("(Get-HomelabApp sonarr).Node").ThrowIfFailed().Strings.Single()));
        Assert.Equal(["Failback k3s-w2 k3s-w1"], Run("Get-HomelabOperation | Where-Object Kind -EQ Failback | ForEach-Object { \"$($_.Kind) $($_.From) $($_.To)\" }").ThrowIfFailed().Strings);
        Until("if (-not (Get-SyncthingReplication -App sonarr | Where-Object InSync -EQ $false)) { 'both are in sync' }");
        tip = Tip;
        Assert.Equal(["Completed"], Run("(Invoke-HomelabFailback sonarr -Confirm:$false).Status").ThrowIfFailed().Strings);
        Assert.Equal(tip, Tip);
    }

    [Theory]
    [InlineData("Invoke-HomelabFailover", "NameRequired")]
    [InlineData("Invoke-HomelabFailover none", "AppNotFound")]
    [InlineData("Invoke-HomelabFailover radarr -OverrideGate Luck", "FailoverGateUnknown")]
    [InlineData("Invoke-HomelabFailover radarr -From k3s-w2 -To k3s-w2 -Planned", "FailoverSameNode")]
    [InlineData("Invoke-HomelabFailover radarr -To none -Planned -Confirm:$false", "NodeNotFound")]
    [InlineData("Invoke-HomelabFailover radarr -Confirm:$false", "FailoverPreconditionFailed")]
    [InlineData("Invoke-HomelabFailover -From k3s-w11 -Planned -Confirm:$false", "NodeNotFound")]
    [InlineData("Test-HomelabFailover -From k3s-w11", "NodeNotFound")]
    [InlineData("Invoke-HomelabFailback -From k3s-w11 -Confirm:$false", "NodeNotFound")]
    [InlineData("Invoke-HomelabFailover radarr -OverrideGate SourceNode -Confirm:$false", "FenceRequired")]
    [InlineData("Invoke-HomelabFailover radarr -OutOfService -Fence None -Confirm:$false", "OutOfServiceUnproven")]
    [InlineData("Invoke-HomelabFailover radarr -OutOfService -Planned -Confirm:$false", "OutOfServiceUnproven")]
    [InlineData("Invoke-HomelabFailover radarr -Planned -Local -Repository https://localhost/none.git -Confirm:$false", "LocalCloneRequired")]
    [InlineData("Invoke-HomelabFailback", "NameRequired")]
    [InlineData("Invoke-HomelabFailback none", "AppNotFound")]
    [InlineData("Invoke-HomelabFailback radarr -OverrideGate Luck", "FailoverGateUnknown")]
    [InlineData("Invoke-HomelabFailback radarr -To none -Confirm:$false", "NodeNotFound")]
    [InlineData("Get-HomelabOperation none", "OperationNotFound")]
    [InlineData("Resume-HomelabOperation", "OperationNotFound")]
    [InlineData("Undo-HomelabOperation none", "OperationNotFound")]
    public void What_cannot_be_done_is_an_error(string script, string id)
    {
        var tip = Tip;
        Assert.Equal(id, Id(script));
        Assert.Equal(tip, Tip);
        Assert.Empty(Run("Get-HomelabOperation").ThrowIfFailed().Output);
    }

    [Fact]
    public void An_operation_of_another_cluster_is_left_alone()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(State, "operations")).FullName, "one.json");
        File.WriteAllText(file, """{"version":1,"id":"one","kind":"Failover","status":"Failed","cluster":"elsewhere","server":"https://192.0.2.1:6443/","apps":[],"steps":[]}""");
        Assert.Equal("OperationNotResumable", Id("Resume-HomelabOperation one -Confirm:$false"));
        Assert.Equal("OperationNotResumable", Id("Undo-HomelabOperation -Confirm:$false"));
    }

    [Fact]
    public void An_application_that_is_in_an_open_operation_gets_no_second_one()
    {
        var server = new Uri(Run("(Get-HomelabConnection).Server").ThrowIfFailed().Strings.Single()!).GetLeftPart(UriPartial.Authority);
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(State, "operations")).FullName, "one.json");
        File.WriteAllText(file, $$$"""{"version":1,"id":"one","kind":"Failover","status":"Failed","server":"{{{server}}}","apps":[{"kind":"Deployment","namespace":"media","name":"radarr"}],"steps":[{"name":"Stop","status":"Failed"}]}""");
        Assert.Equal(["one Warning OperationOpen Deployment/media/radarr"], Run("Test-Homelab -Area Pod | Where-Object Reason -EQ OperationOpen | ForEach-Object { \"$($_.Message.Split(' ')[1]) $($_.Severity) $($_.Reason) $($_.Target)\" }").ThrowIfFailed().Strings);
        Assert.Equal("OperationOpen", Id("Invoke-HomelabFailover radarr -Planned -Confirm:$false"));
    }

    [Fact]
    public void Files_that_cannot_be_read_say_so()
    {
        var folder = Directory.CreateDirectory(Path.Combine(State, "operations")).FullName;
        File.WriteAllText(Path.Combine(folder, "one.json"), "{");
        Assert.Equal("OperationUnreadable", Id("Get-HomelabOperation"));
        File.WriteAllText(Path.Combine(folder, "two.json"), """{"version":1,"id":"two","kind":"Failover","status":"Failed","apps":[],"steps":[]}""");
        Assert.Equal(["two"], Run("Get-HomelabOperation -ErrorAction SilentlyContinue | ForEach-Object Id").Strings);
        File.WriteAllText(Path.Combine(folder, "one.json"), "{\"version\":99,\"id\":\"one\"}");
        Assert.Equal("JournalTooNew", Id("Resume-HomelabOperation one"));
    }
}
