using Scenes.Layout;

namespace Scenes.Texts;

/// <summary>Questions about what a sign says: only the zoom answers them.</summary>
internal sealed class SignQuestions(SceneLayout scene, SceneRandom random)
{
    public IEnumerable<SceneQuestion> Write()
    {
        if (scene.Signs is not [var sign, ..])
        {
            yield break;
        }

        var name = sign.Object is { } carrier && random.Chance(0.5) ? $"sign on the {Phrases.Name(scene.Objects[carrier])}" : "sign";
        yield return new SceneQuestion(QuestionKind.Read, "text-of-sign", $"What does the {name} say?", [], sign.Text, Fine: true);

        var isTrue = random.Chance(0.5);
        var asked = isTrue ? sign.Text : Others(sign)[0];
        yield return new SceneQuestion(QuestionKind.YesNo, "sign-says", $"Does the sign say {asked}?", ["yes", "no"], isTrue ? "yes" : "no", Fine: true);

        string[] choices = random.Shuffled(Others(sign).Take(3).Append(sign.Text));
        yield return new SceneQuestion(
            QuestionKind.Choice, "which-text", sign.IsNumber ? "Which number is on the sign?" : "Which word is on the sign?", choices, sign.Text, Fine: true);
    }

    // Wrong texts, in any order. A number differs in one digit, so each digit counts.
    private string[] Others(SceneSign sign)
    {
        if (!sign.IsNumber)
        {
            return random.Shuffled(SignPlacer.Words.Where(word => word != sign.Text));
        }

        return random.Shuffled(
            from position in Enumerable.Range(0, sign.Text.Length)
            from digit in Enumerable.Range(0, 10)
            let other = $"{sign.Text[..position]}{digit}{sign.Text[(position + 1)..]}"
            where other != sign.Text && (other.Length == 1 || other[0] != '0')
            select other);
    }
}
