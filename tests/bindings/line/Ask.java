/** Says which libpawl it runs with. */
final class Ask {
  private Ask() {}

  public static void main(String[] arguments) {
    System.out.println(org.pawl.Pawl.version());
  }
}
