namespace HomelabOps.Console.Tests;

public class PromptTests
{
    private const string Confirming =
        "function f { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() foreach ($i in 1..3) { if ($PSCmdlet.ShouldProcess(\"it$i\")) { \"done $i\" } } }; f";

    [Theory]
    [InlineData("y\nn\nY\n", "done 1\ndone 3\n")]
    [InlineData("n\na\n", "done 2\ndone 3\n")]
    [InlineData("\nl\n", "done 1\n")]
    [InlineData("maybe\nyes\nno\nno\n", "done 1\n")]
    [InlineData("?\nn\nn\nn\n", "")]
    public void A_confirmation_takes_its_answers_from_stdin(string answers, string expected)
    {
        ConsoleProcess.Result result = Answer(answers, Confirming);
        Assert.Equal(expected, result.Output);
        Assert.Contains("Performing the operation \"f\" on target \"it1\".", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            "[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [S] Suspend  [?] Help (default is \"Y\"): ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_the_input_confirms_nothing()
    {
        ConsoleProcess.Result result = Answer(string.Empty, Confirming);
        Assert.Empty(result.Output);
        Assert.Contains("the input has ended without an answer", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void NonInteractive_asks_nothing()
    {
        ConsoleProcess.Result result = ConsoleProcess.RunWith("y\n", environment: null, "-NoImport", "-noni", "-c", Confirming);
        Assert.Empty(result.Output);
        Assert.Contains("NonInteractive mode", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("[Y] Yes", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Mandatory_parameters_are_asked_for_and_converted()
    {
        ConsoleProcess.Result result = Answer(
            "many\n4\na\nb\n\n",
            "function f { param([Parameter(Mandatory)][int]$Count, [Parameter(Mandatory)][string[]]$Name) \"$($Count + 1) $($Name -join '+')\" }; f");
        Assert.Equal("5 a+b\n", result.Output);
        Assert.Contains("Supply values for the following parameters:", result.Error, StringComparison.Ordinal);
        Assert.Contains("'many' cannot be taken as Int32.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Name[1]: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_and_credentials_are_not_echoed()
    {
        ConsoleProcess.Result result = Answer(
            "me\nhush\nhush2\n",
            "$c = $Host.UI.PromptForCredential('', '', '', ''); $c.UserName; $s = $Host.UI.ReadLineAsSecureString(); $c.Password.Length + $s.Length");
        Assert.Equal("me\n9\n", result.Output);
        Assert.DoesNotContain("hush", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_choices_can_be_made()
    {
        ConsoleProcess.Result result = Answer(
            "b\na\n\n",
            "[string]$Host.UI.PromptForChoice('', '', [System.Management.Automation.Host.ChoiceDescription[]]@('&A', '&B', '&C'), [int[]]@(2))");
        Assert.Equal("1 0\n", result.Output);
    }

    private static ConsoleProcess.Result Answer(string answers, string command) =>
        ConsoleProcess.RunWith(answers, environment: null, "-NoImport", "-Command", command);
}
