using System.Management.Automation;

namespace HomelabOps.Console;

/// <summary>
/// Out-Default, begun anew where records of the module change their type. One Out-Default shows what follows the first
/// type as lists, so "Get-HomelabNode; Get-FluxStatus" would show a table and a long list instead of two tables.
/// </summary>
[Cmdlet("Out", "ByType")]
[OutputType(typeof(void))]
internal sealed class OutByTypeCommand : PSCmdlet, IDisposable
{
    private const string OwnPrefix = "HomelabOps.";

    private SteppablePipeline? _display;
    private string? _type;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Is told of each record.</summary>
    [Parameter]
    public Action<PSObject?>? Seen { get; set; }

    public static CmdletInfo Info { get; } = new("Out-ByType", typeof(OutByTypeCommand));

    public void Dispose() => _display?.Dispose();

    protected override void BeginProcessing() => Begin();

    protected override void ProcessRecord()
    {
        Seen?.Invoke(InputObject);
        var type = InputObject?.TypeNames is [var first, ..] && first.StartsWith(OwnPrefix, StringComparison.Ordinal) ? first : null;
        if (type is not null && _type is not null && type != _type)
        {
            EndProcessing();
            Begin();
        }

        _type = type ?? _type;
        _display!.Process(InputObject);
    }

    protected override void EndProcessing()
    {
        _display!.End();
        _display.Dispose();
    }

    private void Begin()
    {
        _display = ScriptBlock.Create("Microsoft.PowerShell.Core\\Out-Default").GetSteppablePipeline(CommandOrigin.Internal);
        _display.Begin(this);
    }
}
