using System.Collections;
using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>Nothing by pipe means nothing, and not everything.</summary>
[Collection(nameof(ProcessWide))]
public sealed class EmptyPipeTests : IDisposable
{
    private readonly MinimalApiServer _server = new();
    private readonly Engine _engine = new();

    public EmptyPipeTests() => _engine.Run("$null = Connect-Homelab $file -Context one", ("file", _server.KubeConfig)).ThrowIfFailed();

    public void Dispose()
    {
        _engine.Run("Disconnect-Homelab -ErrorAction Ignore");
        _engine.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void With_an_empty_pipe_no_cmdlet_does_anything()
    {
        var taking = Commands().Where(command => Sets(command).Any(TakesPipe)).ToList();
        Assert.NotEmpty(taking);

        Assert.All(taking, command => Assert.All(Sets(command).Where(TakesPipe), set =>
        {
            // Whoever fails here changes nothing all the same.
            var before = _server.Requests.Count;
            var result = _engine.Run(
                "@() | & $command @arguments" + (command.Parameters.ContainsKey("WhatIf") ? " -WhatIf" : ""), ("command", command), ("arguments", Mandatory(set)));

            Assert.True(result is { Output: [], Errors: [], Warnings: [] }, $"{command.Name} ({set.Name}): {string.Join(", ", [.. result.Output, .. result.ErrorIds, .. result.Warnings])}");
            Assert.True(_server.Requests.Skip(before).ToList() is [], $"{command.Name} ({set.Name}) asked for {string.Join(", ", _server.Requests.Skip(before))}");
        }));
    }

    [Theory]
    [InlineData("Get-HomelabNode")]
    [InlineData("'one' | Get-HomelabVolume")]
    public void Without_a_pipe_and_with_a_full_one_they_ask(string script)
    {
        var before = _server.Requests.Count;

        _engine.Run(script);

        Assert.NotEmpty(_server.Requests.Skip(before));
    }

    // Other sets have no use for a pipe but for the cluster of a record, which the first one has as well.
    private static IEnumerable<CommandParameterSetInfo> Sets(CmdletInfo command) => command.ParameterSets.Where(set => set.IsDefault || set.Parameters.Any(parameter => parameter.ValueFromPipeline));

    private static bool TakesPipe(CommandParameterSetInfo set) => set.Parameters.Any(parameter => parameter.ValueFromPipeline || parameter.ValueFromPipelineByPropertyName);

    private static Hashtable Mandatory(CommandParameterSetInfo set)
    {
        var arguments = new Hashtable();
        foreach (var parameter in set.Parameters.Where(parameter => parameter.IsMandatory && !parameter.ValueFromPipeline))
        {
            var type = parameter.ParameterType.GetElementType() ?? parameter.ParameterType;
            arguments[parameter.Name] = type == typeof(SwitchParameter) ? true : type == typeof(int) ? 1 : type.IsEnum ? Enum.GetNames(type)[0] : "x";
        }

        return arguments;
    }

    private List<CmdletInfo> Commands() => [.. _engine.Run("Get-Command -Module HomelabOps").ThrowIfFailed().Output.Select(item => (CmdletInfo)item.BaseObject)];
}
