namespace HomelabOps.Cluster.Tests;

/// <summary>Deleting pods of the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class RemovePodTests(SandboxFixture sandbox) : JournaledTest(sandbox), IClassFixture<SandboxFixture>
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    [Fact]
    public void A_deleted_pod_has_gone_and_its_owner_makes_another()
    {
        var name = Until("(Get-HomelabApp prowlarr).Pods | Where-Object Ready | ForEach-Object Name");
        var result = Run($"Remove-HomelabPod media/{name} -Confirm:$false -TimeoutSeconds 120").ThrowIfFailed();
        var pod = result.Output.Single();
        Assert.Equal((name, "Deleted", false, false), (pod.Properties["Name"].Value, pod.Properties["Status"].Value, pod.Properties["Ready"].Value, pod.Properties["Healthy"].Value));
        Assert.Empty(result.Warnings);
        Assert.Equal(["PodNotFound"], Run($"Get-HomelabPod media/{name}").ErrorIds);
        Assert.NotEqual(name, Until("(Get-HomelabApp prowlarr).Pods | Where-Object Ready | ForEach-Object Name"));
        Assert.All(["\"change\":\"Delete\"", "\"form\":\"None\"", "\"state\":\"Done\""], text => Assert.Contains(text, Journal(), StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        // Movers come and go by their schedule.
        const string lasting = "(Get-HomelabPod -Namespace media | Where-Object Name -notlike 'volsync-*').Uid";
        var before = Run(lasting).ThrowIfFailed().Strings;
        Run("Remove-HomelabPod media/* -WhatIf; Get-HomelabPod -Namespace media | Remove-HomelabPod -Force -WhatIf").ThrowIfFailed();
        Assert.Equal(before, Run(lasting).ThrowIfFailed().Strings);
        Assert.True(IsUntouched);
    }

    [Fact]
    public void What_nothing_makes_anew_is_named()
    {
        using var api = new SandboxApi(Sandbox);
        var name = AddPod(api);
        var result = Run($"Remove-HomelabPod {name} -Confirm:$false -NoWait").ThrowIfFailed();
        Assert.Contains($"Pod/default/{name}", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(["Terminating"], result.Output.Select(item => item.Properties["Status"].Value));
    }

    [Fact]
    public void A_successor_of_the_same_name_is_left_alone()
    {
        using var api = new SandboxApi(Sandbox);
        var name = AddPod(api);
        Run($"$read = Get-HomelabPod default/{name}; $null = Remove-HomelabPod default/{name} -Force -Confirm:$false").ThrowIfFailed();
        AddPod(api, name);
        var uid = Run($"(Get-HomelabPod default/{name}).Uid").ThrowIfFailed().Strings.Single();
        var result = Run("$read | Remove-HomelabPod -Confirm:$false").ThrowIfFailed();
        Assert.Empty(result.Output);
        Assert.Contains("left alone", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal([uid], Run($"(Get-HomelabPod default/{name}).Uid").ThrowIfFailed().Strings);
        Run($"$null = Remove-HomelabPod default/{name} -Confirm:$false").ThrowIfFailed();
    }

    [Fact]
    public void A_pod_that_does_not_end_is_an_error_and_Force_forgets_it()
    {
        using var api = new SandboxApi(Sandbox);
        var name = AddPod(api, node: "gone");
        var late = Run($"Remove-HomelabPod default/{name} -Confirm:$false -TimeoutSeconds 2");
        Assert.Equal("PodDeleteTimeout", Assert.Single(late.ErrorIds));
        Assert.Equal(["Terminating"], late.Output.Select(item => item.Properties["Status"].Value));
        Assert.Contains("gone", late.Errors[0].Exception.Message, StringComparison.Ordinal);

        // Its node does not say that it is ready, so nothing is said of containers that may run on.
        var forced = Run($"Get-HomelabPod default/{name} | Remove-HomelabPod -Force -Confirm:$false").ThrowIfFailed();
        Assert.Equal(["Deleted"], forced.Output.Select(item => item.Properties["Status"].Value));
        Assert.DoesNotContain(forced.Warnings, text => text.Contains("is ready", StringComparison.Ordinal));
    }

    [Fact]
    public void Force_warns_of_a_node_that_is_ready()
    {
        using var api = new SandboxApi(Sandbox);
        var name = AddPod(api, node: "k3s-w2");
        var result = Run($"Remove-HomelabPod default/{name} -Force -Confirm:$false").ThrowIfFailed();
        Assert.Contains(result.Warnings, text => text.Contains("k3s-w2 is ready", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_without_wildcards_means_one_pod()
    {
        using var api = new SandboxApi(Sandbox);
        var name = AddPod(api);
        api.Send(HttpMethod.Post, "/api/v1/namespaces/media/pods", Body(name, null));
        Assert.Equal(["NameAmbiguous"], Run($"Remove-HomelabPod {name} -Confirm:$false").ErrorIds);
        Assert.Equal(["2"], Run($"@(Get-HomelabPod {name}).Count").ThrowIfFailed().Strings);
        Assert.Equal(["2"], Run($"@(Remove-HomelabPod {name[..^1]}* -Confirm:$false).Count").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("Remove-HomelabPod -Confirm:$false", "NameRequired")]
    [InlineData("Remove-HomelabPod none -Confirm:$false", "PodNotFound")]
    [InlineData("Remove-HomelabPod x -Namespace none -Confirm:$false", "PodNotFound")]
    [InlineData("Remove-HomelabPod * -Namespace none -Confirm:$false", "NamespaceNotFound")]
    public void What_cannot_be_meant_is_refused(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    private static string AddPod(SandboxApi api, string? name = null, string? node = null)
    {
        name ??= $"single-{Guid.NewGuid():N}"[..13];
        api.Send(HttpMethod.Post, Pods, Body(name, node));
        return name;
    }

    private static string Body(string name, string? node) =>
        $$"""{"metadata":{"name":"{{name}}"},"spec":{ {{(node is null ? "" : $"\"nodeName\":\"{node}\",")}} "terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":"docker.io/library/busybox:1.36","command":["sleep","600"]}]} }""";
}
