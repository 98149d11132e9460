"""Compiles examples/android against stand-ins for Android's classes: python3 android_test.py JAVAC JAR.

The stand-ins have what the app uses, with Android's own signatures, and nothing else.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "examples/android/app/src/main/java"

STANDINS = {
    "android.os.Bundle": "public final class Bundle {}",
    "android.os.Looper": "public final class Looper { public static Looper getMainLooper() { return null; } }",
    "android.os.Handler": """public class Handler {
  public Handler(Looper looper) {}
  public final boolean post(Runnable task) { return true; }
}""",
    "android.content.Context": """public abstract class Context {
  public static final int MODE_PRIVATE = 0;
  public abstract java.io.File getNoBackupFilesDir();
  public abstract SharedPreferences getSharedPreferences(String name, int mode);
}""",
    "android.content.SharedPreferences": """public interface SharedPreferences {
  String getString(String key, String other);
  Editor edit();
  interface Editor {
    Editor putString(String key, String value);
    boolean commit();
  }
}""",
    "android.app.Activity": """public class Activity extends android.content.Context {
  protected void onCreate(android.os.Bundle state) {}
  protected void onDestroy() {}
  public void setContentView(android.view.View view) {}
  @Override public java.io.File getNoBackupFilesDir() { return null; }
  @Override public android.content.SharedPreferences getSharedPreferences(String name, int mode) { return null; }
}""",
    "android.view.View": "public class View {}",
    "android.view.KeyEvent": "public class KeyEvent {}",
    "android.widget.TextView": """public class TextView extends android.view.View {
  public TextView(android.content.Context context) {}
  public CharSequence getText() { return ""; }
  public final void setText(CharSequence text) {}
  public final void append(CharSequence text) {}
  public void setSingleLine() {}
  public void setOnEditorActionListener(OnEditorActionListener listener) {}
  public interface OnEditorActionListener { boolean onEditorAction(TextView view, int action, android.view.KeyEvent key); }
}""",
    "android.widget.EditText": """public class EditText extends TextView {
  public EditText(android.content.Context context) { super(context); }
}""",
    "android.widget.LinearLayout": """public class LinearLayout extends android.view.View {
  public static final int VERTICAL = 1;
  public LinearLayout(android.content.Context context) {}
  public void setOrientation(int orientation) {}
  public void addView(android.view.View child) {}
}""",
    "android.util.Base64": """public class Base64 {
  public static final int NO_WRAP = 2;
  public static byte[] decode(String text, int flags) { return null; }
  public static String encodeToString(byte[] bytes, int flags) { return null; }
}""",
    "android.security.keystore.KeyProperties": """public abstract class KeyProperties {
  public static final String KEY_ALGORITHM_AES = "AES";
  public static final String BLOCK_MODE_GCM = "GCM";
  public static final String ENCRYPTION_PADDING_NONE = "NoPadding";
  public static final int PURPOSE_ENCRYPT = 1;
  public static final int PURPOSE_DECRYPT = 2;
}""",
    "android.security.keystore.KeyGenParameterSpec": """public final class KeyGenParameterSpec
    implements java.security.spec.AlgorithmParameterSpec {
  public static final class Builder {
    public Builder(String alias, int purposes) {}
    public Builder setBlockModes(String... modes) { return this; }
    public Builder setEncryptionPaddings(String... paddings) { return this; }
    public KeyGenParameterSpec build() { return null; }
  }
}""",
}


def main() -> int:
    javac, jar = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, text in STANDINS.items():
            package, _, simple = name.rpartition(".")
            file = Path(folder, *package.split("."), f"{simple}.java")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"package {package};\n\n{text}\n")
            files.append(file)
        app = sorted(SOURCES.rglob("*.java"))
        options = ["--release", "8", "-Xlint:all,-options", "-Werror", "-cp", jar, "-d", f"{folder}/classes"]
        done = subprocess.run([javac, *options, *files, *app], check=False)
        made = {it.stem for it in Path(folder, "classes/org/example/chat").glob("*.class")}
    if done.returncode == 0 and not {it.stem for it in app} <= made:
        print("the compiler made no classes of the app")
        return 1
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
