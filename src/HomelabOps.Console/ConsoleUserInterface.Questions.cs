using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace HomelabOps.Console;

/// <content>Everything that the engine asks.</content>
internal sealed partial class ConsoleUserInterface
{
    private const string HelpAnswer = "?";
    private const string FieldHelpAnswer = "!?";

    public override string ReadLine()
    {
        RefuseWhenNonInteractive();
        return input.ReadLine() ?? string.Empty;
    }

    public override SecureString ReadLineAsSecureString()
    {
        RefuseWhenNonInteractive();
        return Answered(input.ReadSecret());
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        ArgumentNullException.ThrowIfNull(descriptions);
        RefuseWhenNonInteractive();
        WriteHeading(caption, message);
        if (descriptions.Any(field => !string.IsNullOrEmpty(field.HelpMessage)))
        {
            Ask($"(Type {FieldHelpAnswer} for Help.)\n");
        }

        Dictionary<string, PSObject> answers = new(StringComparer.OrdinalIgnoreCase);
        foreach (FieldDescription field in descriptions)
        {
            answers[field.Name] = PSObject.AsPSObject(AskField(field));
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        ArgumentNullException.ThrowIfNull(choices);
        RefuseWhenNonInteractive();
        WriteHeading(caption, message);
        Choice[] known = Choice.From(choices);
        string defaults = defaultChoice >= 0 ? $" (default is \"{known[defaultChoice].Key}\")" : string.Empty;
        while (true)
        {
            Ask($"{Offer(known)}  [{HelpAnswer}] Help{defaults}: ");
            string answer = Answered(ReadAnswer()).Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            if (Choice.Find(known, answer) is { } index)
            {
                return index;
            }

            ShowChoiceHelp(known, answer);
        }
    }

    public Collection<int> PromptForChoice(
        string? caption, string? message, Collection<ChoiceDescription> choices, IEnumerable<int>? defaultChoices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        RefuseWhenNonInteractive();
        WriteHeading(caption, message);
        Choice[] known = Choice.From(choices);
        int[] defaults = [.. defaultChoices ?? []];
        string preset = defaults.Length > 0 ? $" (default is \"{string.Join(',', defaults.Select(i => known[i].Key))}\")" : string.Empty;
        Ask($"{Offer(known)}  [{HelpAnswer}] Help{preset}\n");
        List<int> chosen = [];
        while (true)
        {
            Ask($"Choice[{chosen.Count}]: ");
            string answer = Answered(ReadAnswer()).Trim();
            if (answer.Length == 0)
            {
                return [.. chosen.Count > 0 ? chosen : [.. defaults]];
            }

            if (Choice.Find(known, answer) is { } index)
            {
                chosen.Add(index);
            }
            else
            {
                ShowChoiceHelp(known, answer);
            }
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options)
    {
        RefuseWhenNonInteractive();
        WriteHeading(caption, message);
        string name = userName;
        while (string.IsNullOrEmpty(name) || (options.HasFlag(PSCredentialUIOptions.AlwaysPrompt) && name == userName))
        {
            Ask(string.IsNullOrEmpty(userName) ? "User: " : $"User [{userName}]: ");
            string answer = Answered(ReadAnswer());
            name = answer.Length > 0 ? answer : userName;
            if (!string.IsNullOrEmpty(name))
            {
                break;
            }
        }

        Ask($"Password for user {name}: ");
        return new PSCredential(name, AskSecret());
    }

    private static string Offer(IEnumerable<Choice> choices) => string.Join("  ", choices.Select(choice => $"[{choice.Key}] {choice.Label}"));

    /// <summary>The end of the input is no answer; taking it as the default would confirm what nobody confirmed.</summary>
    private static T Answered<T>(T? answer)
        where T : class => answer ?? throw new PromptingException(
            "A question was asked, but the input has ended without an answer.", null!, "InputEnded", ErrorCategory.ResourceUnavailable);

    private static Type TypeOf(FieldDescription field) =>
        LanguagePrimitives.TryConvertTo(field.ParameterAssemblyFullName, CultureInfo.InvariantCulture, out Type byAssemblyName) ? byAssemblyName
        : LanguagePrimitives.TryConvertTo(field.ParameterTypeFullName, CultureInfo.InvariantCulture, out Type byFullName) ? byFullName
        : typeof(string);

    private object AskField(FieldDescription field)
    {
        Type type = TypeOf(field);
        string label = string.IsNullOrEmpty(field.Label) ? field.Name : Choice.WithoutHotKey(field.Label);
        if (type == typeof(PSCredential))
        {
            return PromptForCredential(string.Empty, label, string.Empty, string.Empty);
        }

        if (type == typeof(SecureString))
        {
            Ask($"{label}: ");
            return AskSecret();
        }

        if (type.GetInterface(typeof(IList).FullName!) is null)
        {
            return AskValue(field, label, type) ?? string.Empty;
        }

        List<object> values = [];
        Type element = type.GetElementType() ?? typeof(object);
        while (AskValue(field, $"{label}[{values.Count}]", element, emptyEnds: true) is { } value)
        {
            values.Add(value);
        }

        return LanguagePrimitives.ConvertTo(values, type, CultureInfo.CurrentCulture);
    }

    private object? AskValue(FieldDescription field, string label, Type type, bool emptyEnds = false)
    {
        while (true)
        {
            Ask($"{label}: ");
            string answer = Answered(ReadAnswer());
            if (answer == FieldHelpAnswer)
            {
                Ask((string.IsNullOrEmpty(field.HelpMessage) ? "There is no help for this." : field.HelpMessage) + "\n");
                continue;
            }

            if (answer.Length == 0 && emptyEnds)
            {
                return null;
            }

            if (LanguagePrimitives.TryConvertTo(answer, type, CultureInfo.CurrentCulture, out object value))
            {
                return value;
            }

            output.WriteErrorLine($"'{answer}' cannot be taken as {type.Name}.");
        }
    }

    private void ShowChoiceHelp(IEnumerable<Choice> choices, string answer)
    {
        if (answer == HelpAnswer)
        {
            foreach (Choice choice in choices)
            {
                Ask($"{choice.Key} - {choice.Help}\n");
            }
        }
    }

    private void WriteHeading(string? caption, string? message)
    {
        if (!string.IsNullOrEmpty(caption))
        {
            Ask($"\n{Bold(caption)}\n");
        }

        if (!string.IsNullOrEmpty(message))
        {
            Ask($"{message}\n");
        }
    }

    private static string Bold(string text) =>
        Terminal.ColourOnOutput ? PSStyle.Instance.Bold + text + PSStyle.Instance.BoldOff : text;

    private void Ask(string text) => output.WritePrompt(text.ReplaceLineEndings());

    private string? ReadAnswer()
    {
        string? answer = input.ReadLine();
        if (!Terminal.InputIsTerminal)
        {
            // Nobody pressed Enter here, so nothing ended the line of the question.
            Ask("\n");
        }

        return answer;
    }

    private SecureString AskSecret()
    {
        SecureString? secret = input.ReadSecret();
        if (!Terminal.InputIsTerminal)
        {
            Ask("\n");
        }

        return Answered(secret);
    }

    private void RefuseWhenNonInteractive()
    {
        output.HideProgress();
        if (nonInteractive)
        {
            throw new PSInvalidOperationException("The console is in NonInteractive mode. Read and Prompt functionality is not available.");
        }
    }

    /// <summary>One answer that can be chosen, with the letter that chooses it: "&amp;Yes" is [Y] Yes.</summary>
    private sealed record Choice(string Key, string Label, string Help)
    {
        public static Choice[] From(IEnumerable<ChoiceDescription> choices) => [.. choices.Select(choice =>
        {
            int mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
            string label = WithoutHotKey(choice.Label);
            string key = mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label.Substring(mark + 1, 1).ToUpperInvariant() : label;
            return new Choice(key, label, string.IsNullOrEmpty(choice.HelpMessage) ? label : choice.HelpMessage);
        })];

        public static int? Find(Choice[] choices, string answer)
        {
            int index = Array.FindIndex(choices, choice => Same(choice.Label, answer));
            index = index >= 0 ? index : Array.FindIndex(choices, choice => Same(choice.Key, answer));
            return index >= 0 ? index : null;
        }

        public static string WithoutHotKey(string label) => label.Replace("&", string.Empty, StringComparison.Ordinal);

        private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
    }
}
